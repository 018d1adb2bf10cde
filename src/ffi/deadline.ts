/** Ends the process at its time, even while a call into the system does not come back. */

import type { LastWords } from "../world.ts";

/** What the thread that waits is told. */
interface Deadline extends LastWords {
  readonly ms: number;
  readonly exitCode: number;
  /** Where the C library may be. */
  readonly libraries: readonly string[];
}

/**
 * Runs in a thread of its own, because the thread that hangs can't run anything. The runtime's own exit
 * ends only the thread there, so the C library's does it: `void _exit(int status)`, unistd.h. A text,
 * since it has to be part of one bundled file.
 */
const THREAD = `onmessage = ({ data }) => setTimeout(() => {
  const { stream, text, leftover, exitCode, libraries } = data;
  const bytes = new TextEncoder().encode(text);
  try {
    for (let done = 0; done < bytes.length;) done += Deno[stream].writeSync(bytes.subarray(done));
  } catch {}
  try {
    if (leftover !== null) Deno.removeSync(leftover);
  } catch {}
  for (const library of libraries) {
    try {
      Deno.dlopen(library, { _exit: { parameters: ["i32"], result: "void" } }).symbols._exit(exitCode);
    } catch {}
  }
}, data.ms);`;

/** Starts to wait. Costs about 17 ms: the thread has a runtime of its own. */
export function endAfter(deadline: Deadline): Disposable {
  const thread = new Worker(`data:text/javascript,${encodeURIComponent(THREAD)}`, {
    type: "module",
  });
  thread.postMessage(deadline);
  return { [Symbol.dispose]: () => thread.terminate() };
}

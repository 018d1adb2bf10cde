/** What watching keeps of what it sees: in a file, or for a server in memory, or nothing. */

import { Past } from "../history/past.ts";
import { Recorder } from "../history/recorder.ts";
import type { Run, Taken } from "../history/writer.ts";
import type { World } from "../world.ts";
import type { FileOnly, RecordFlags } from "./flags.ts";
import { databasePath, findDatabase, keepOf, MEMORY, MEMORY_KEEP } from "./recording.ts";

export interface Memory extends Disposable {
  /** What was before. */
  readonly past: Past;
  /** Whether all that was taken is kept. */
  readonly isWhole: boolean;
  /** Opens it. Returns a sentence if it can't be used. Never throws. */
  open(): Promise<string | null>;
  /** Keeps a look. Returns a sentence when something has gone wrong, or is well again. Never throws. */
  take(taken: Taken): Promise<string | null>;
  /** Keeps what still waits. Returns a sentence if something is lost. Never throws. */
  end(): Promise<string | null>;
}

/** What a command keeps, by its flags; null: nothing. */
export function memoryFor(
  command: Run["command"],
  flags: RecordFlags & FileOnly,
  world: World,
  plan: Omit<Run, "command" | "home">,
): Memory | null {
  if (!flags.record && command !== "serve") return null;
  const run: Run = { ...plan, command, home: world.env("HOME") || null };
  const recorder = flags.record
    ? new Recorder(world, { kind: "file", path: databasePath(world, flags) }, run, keepOf(flags))
    : new Recorder(world, MEMORY, run, MEMORY_KEEP);
  // While its file can't be used, a server shows what was since then.
  const spare = flags.record && command === "serve"
    ? new Recorder(world, MEMORY, run, MEMORY_KEEP)
    : null;
  const kept = {
    get database() {
      return recorder.database ?? spare?.database ?? null;
    },
  };
  const past = new Past(world, kept, flags.record ? null : findDatabase(world, flags), plan);
  return {
    past,
    get isWhole() {
      return recorder.isWhole;
    },
    open: async () => await recorder.open() ?? await past.refresh(),
    take: async (taken) => {
      const said = await recorder.take(taken);
      if (recorder.database === null) await spare?.take(taken);
      return said ?? await past.refresh();
    },
    end: () => recorder.end(),
    [Symbol.dispose]: () => {
      past[Symbol.dispose]();
      recorder[Symbol.dispose]();
      spare?.[Symbol.dispose]();
    },
  };
}

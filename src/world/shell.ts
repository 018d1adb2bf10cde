/** Runs commands with the shell, and ends them with all that they started when their time is up. */

import type { Order, Outcome } from "../types.ts";

const SHELL = "/bin/sh";
/** What is kept of a command's output, to say why it failed. */
const MOST_OUTPUT_BYTES = 4096;
/** How long a command that was asked to end (SIGTERM) may take before it is killed. */
const GRACE_MS = 1000;
/** How long output may still come from what a command has left behind when it has ended itself. */
const LAST_WORDS_MS = 100;

/** Runs a command. Ends it when `cut` aborts or its time is up. Never throws. */
export async function execute(order: Order, cut: AbortSignal): Promise<Outcome> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(SHELL, {
      args: ["-c", order.script, ...order.args],
      env: { ...order.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // A group of its own: Ctrl-C is for ocmem, and all that the command starts ends with it.
      detached: true,
    }).spawn();
  } catch (error) {
    return { kind: "refused", reason: reasonOf(error) };
  }
  const texts = [new Heard(child.stdout), new Heard(child.stderr)];
  const isDone = child.status.then((): true => true);
  const isInTime = await Promise.race([isDone, timeUp(order.timeoutMs, cut, isDone)]);
  if (!isInTime) await endGroup(child, isDone);
  const { code } = await child.status;
  const output = (await Promise.all(texts.map((text) => text.end()))).filter((t) => t).join("\n");
  return isInTime ? { kind: "done", code, output } : { kind: "ended", output };
}

/** False when the time is up; never anything once the command is done. */
async function timeUp(ms: number, cut: AbortSignal, isDone: Promise<true>): Promise<false> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  cut.addEventListener("abort", wake);
  if (cut.aborted) wake();
  await Promise.race([promise, isDone]);
  clearTimeout(timer);
  cut.removeEventListener("abort", wake);
  return false;
}

/** Asks the command's whole group to end, and kills what is left of it. */
async function endGroup(child: Deno.ChildProcess, isDone: Promise<true>): Promise<void> {
  signalGroup("TERM", child.pid);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, GRACE_MS);
  await Promise.race([promise, isDone]);
  clearTimeout(timer);
  signalGroup("KILL", child.pid);
}

/** By the shell: the runtime may signal a child, but only with every permission a group. */
function signalGroup(signal: "TERM" | "KILL", pid: number): void {
  const script = 'kill -s "$0" -- "-$1"';
  new Deno.Command(SHELL, {
    args: ["-c", script, signal, String(pid)],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).outputSync();
}

/** The start of a stream's text; the rest is read and forgotten, so that nobody waits to write it. */
class Heard {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #bytes: number[] = [];
  readonly #isRead: Promise<void>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.#isRead = this.#read();
  }

  /** What was heard so far: whatever a command left running may hold its output open for ever. */
  async end(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    await Promise.race([this.#isRead, promise]);
    clearTimeout(timer);
    await this.#reader.cancel();
    return new TextDecoder().decode(new Uint8Array(this.#bytes)).trim();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      const room = MOST_OUTPUT_BYTES - this.#bytes.length;
      if (room > 0) this.#bytes.push(...value.subarray(0, room));
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `it is not granted: run with --allow-run=${SHELL}`;
  }
  return error instanceof Error ? error.message : String(error);
}

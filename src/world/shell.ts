/** Runs commands with the shell, and ends them with all that they started when their time is up. */

import type { Order, Outcome } from "../world.ts";
import { sleep } from "./time.ts";

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
  const streams = [new Heard(child.stdout), new Heard(child.stderr)];
  const isInTime = await happens(child.status, order.timeoutMs, cut);
  if (!isInTime) await endGroup(child, Promise.all(streams.map((stream) => stream.isRead)));
  const { code } = await child.status;
  const texts = await Promise.all(streams.map((stream) => stream.end()));
  const output = texts.filter((text) => text).join("\n");
  return isInTime ? { kind: "done", code, output } : { kind: "ended", output };
}

/** Whether something happens within so many milliseconds, and before `cut` aborts. */
async function happens(event: Promise<unknown>, ms: number, cut?: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const waiting = sleep(ms, cut ? AbortSignal.any([cut, over.signal]) : over.signal);
  const isFirst = await Promise.race([event.then(() => true), waiting.then(() => false)]);
  over.abort();
  return isFirst;
}

/**
 * Asks the command's whole group to end, and kills what is left of it. The shell mostly ends before
 * what it has started: who still holds its output is given the same time.
 */
async function endGroup(child: Deno.ChildProcess, isSilent: Promise<unknown>): Promise<void> {
  signalGroup("SIGTERM", child);
  await happens(Promise.all([child.status, isSilent]), GRACE_MS);
  signalGroup("SIGKILL", child);
}

/** By the shell: the runtime may signal a child, but only with every permission a group. */
function signalGroup(signal: "SIGTERM" | "SIGKILL", child: Deno.ChildProcess): void {
  const script = 'kill -s "${0#SIG}" -- "-$1"';
  try {
    new Deno.Command(SHELL, {
      args: ["-c", script, signal, String(child.pid)],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync();
  } catch {
    signalAlone(signal, child);
  }
}

/** When no other process can be started, as when memory is short: at least the shell is told. */
function signalAlone(signal: "SIGTERM" | "SIGKILL", child: Deno.ChildProcess): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}

/** The start of a stream's text; the rest is read and forgotten, so that nobody waits to write it. */
class Heard {
  /** Done when nobody holds the other end any more. */
  readonly isRead: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #bytes: number[] = [];

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.isRead = this.#read();
  }

  /** What was heard so far: whatever a command left running may hold its output open for ever. */
  async end(): Promise<string> {
    await happens(this.isRead, LAST_WORDS_MS);
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

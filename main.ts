/** ocmem's entry: builds the World, runs the command, sets the exit code. */

import denoJson from "./deno.json" with { type: "json" };
import { run } from "./src/cli.ts";
import { OutputError } from "./src/errors.ts";
import { openProbe } from "./src/ffi/open.ts";
import type { Output, World } from "./src/types.ts";

/**
 * Bytes written at a time: _POSIX_PIPE_BUF of limits.h, which a pipe takes whole or not at all. The
 * runtime does not tell how much of a larger piece went out before a full pipe refused the rest.
 */
const PIECE = 512;
/** How long to wait before writing again to a pipe that is full and was set not to block. */
const FULL_PIPE_WAIT_MS = 1;

const encoder = new TextEncoder();

function output(name: string, stream: typeof Deno.stdout | typeof Deno.stderr): Output {
  return {
    isTerminal: () => stream.isTerminal(),
    write: (text) => {
      try {
        writeAll(stream, encoder.encode(text));
      } catch (error) {
        // The reader has gone, as in `ocmem | head -1`: there is nobody to tell.
        if (error instanceof Deno.errors.BrokenPipe) return;
        throw new OutputError(
          `Cannot write to ${name}: ${error instanceof Error ? error.message : error}`,
        );
      }
    },
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written, written + PIECE));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
    }
  }
}

function terminalColumns(): number | null {
  try {
    return Deno.consoleSize().columns || null;
  } catch {
    return null;
  }
}

const world: World = {
  version: denoJson.version,
  openProbe,
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  env: (name) => Deno.env.get(name),
  columns: terminalColumns,
  stdout: output("standard output", Deno.stdout),
  stderr: output("standard error", Deno.stderr),
};

// Not Deno.exit(): that would end the process before the runtime has stored its compiled code, which
// makes every later start faster by milliseconds.
Deno.exitCode = await run(Deno.args, world);

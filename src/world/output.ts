/** Standard output and standard error. */

import { OutputError } from "../errors.ts";
import type { Output } from "../world.ts";

/**
 * Bytes written at a time: _POSIX_PIPE_BUF of limits.h, which a pipe takes whole or not at all. The
 * runtime does not tell how much of a larger piece went out before a full pipe refused the rest.
 */
const PIECE = 512;
/** How long to wait before writing again to a pipe that is full and was set not to block. */
const FULL_PIPE_WAIT_MS = 1;

const encoder = new TextEncoder();

/** The stream as an Output. `hasReader` asks the system about its file descriptor. */
export function outputOf(
  name: string,
  stream: typeof Deno.stdout | typeof Deno.stderr,
  hasReader: () => boolean,
): Output {
  return {
    isTerminal: () => stream.isTerminal(),
    hasReader,
    write: (text) => {
      try {
        writeAll(stream, encoder.encode(text));
        return true;
      } catch (error) {
        // The reader has gone, as in `ocmem | head -1`: there is nobody to tell.
        if (error instanceof Deno.errors.BrokenPipe) return false;
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

/** What belongs to other programs: files that are only read, servers that are only asked. */

import { FileError } from "../errors.ts";
import type { Folder, LocalAnswer, LocalRequest, Outside, RawFile } from "../world.ts";

/** More of an answer than this is not read. */
const MOST_BYTES = 1024 * 1024;

export const outside: Outside = {
  folder(path: string): Folder | null {
    try {
      const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
      return { names, uid: Deno.statSync(path).uid };
    } catch {
      // It is not there, or nobody may look into it.
      return null;
    }
  },

  // deno-lint-ignore require-await
  async openRaw(path: string): Promise<RawFile | null> {
    try {
      // A pipe of that name would hang, and a device might do anything.
      if (!Deno.statSync(path).isFile) throw new FileError("it is no plain file");
      return new Raw(Deno.openSync(path, { read: true }));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      if (error instanceof FileError) throw error;
      const isDenied = error instanceof Deno.errors.PermissionDenied ||
        error instanceof Deno.errors.NotCapable;
      throw new FileError(isDenied ? "it can't be read: permission denied" : "it can't be read");
    }
  },

  get: ask,
};

class Raw implements RawFile {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  size(): number {
    return this.#file.statSync().size;
  }

  stamp(): string {
    const { size, mtime, ino } = this.#file.statSync();
    return `${ino} ${size} ${mtime?.getTime()}`;
  }

  read(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#file.seekSync(at, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < length) {
      const read = this.#file.readSync(bytes.subarray(filled));
      if (read === null || read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }
}

/**
 * Sends one GET to this machine. Not with fetch: that would go through a proxy of the environment, and
 * follow where it is sent on.
 */
async function ask({ host, port, path, timeoutMs }: LocalRequest): Promise<LocalAnswer> {
  if (timeoutMs <= 0) return { kind: "failed", reason: LATE };
  const { request } = await import("node:http");
  return await new Promise<LocalAnswer>((resolve) => {
    const end = (answer: LocalAnswer) => {
      clearTimeout(timer);
      resolve(answer);
      asked.destroy();
    };
    const timer = setTimeout(() => end({ kind: "failed", reason: LATE }), timeoutMs);
    const asked = request(
      { host, port, path, method: "GET", agent: false, headers: { accept: "application/json" } },
      (response) => {
        const pieces: Uint8Array[] = [];
        let bytes = 0;
        response.on("data", (piece: Uint8Array) => {
          bytes += piece.length;
          if (bytes > MOST_BYTES) end({ kind: "failed", reason: "its answer is too long" });
          else pieces.push(piece);
        });
        response.on("end", () => {
          const whole = new Uint8Array(bytes);
          let at = 0;
          for (const piece of pieces) {
            whole.set(piece, at);
            at += piece.length;
          }
          const body = new TextDecoder().decode(whole);
          end({ kind: "answer", status: response.statusCode ?? 0, body });
        });
        response.on("error", () => end({ kind: "failed", reason: CUT }));
        response.on("close", () => end({ kind: "failed", reason: CUT }));
      },
    );
    asked.on("error", (error) => end({ kind: "failed", reason: reasonOf(error) }));
    asked.end();
  });
}

const LATE = "it does not answer in time";
const CUT = "its answer is cut off";

function reasonOf(error: Error): string {
  if (error instanceof Deno.errors.NotCapable || /NotCapable|Requires net/.test(String(error))) {
    return "it is not granted to ask: run with --allow-net";
  }
  return /refused/i.test(String(error)) ? "nobody listens there" : "its answer makes no sense";
}

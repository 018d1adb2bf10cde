/** Opens the machine's processes: the only place that asks which platform this is. */

import { EXIT_UNKNOWN, UnsupportedError } from "../errors.ts";
import type { Ender } from "../ender.ts";
import type { Probe } from "../types.ts";
import type { LastWords, Runtime, StopSignal } from "../world.ts";
import { DARWIN_SYMBOLS, LIBSYSTEM_PATH } from "./darwin_abi.ts";
import { DarwinPorts } from "./darwin_ports.ts";
import { DARWIN_PORTS_SYMBOLS } from "./darwin_ports_abi.ts";
import { DarwinProbe } from "./darwin.ts";
import { endAfter as startDeadline } from "./deadline.ts";
import { openFirst, tryOpen } from "./library.ts";
import { LIBC_PATHS, LIBC_SYMBOLS } from "./linux_abi.ts";
import { LinuxProbe } from "./linux.ts";
import { hasReader, POLL_SYMBOLS, type PollCalls } from "./reader.ts";
import { ignores, SIGACTION_SYMBOLS } from "./signals.ts";

/** The Probe of this machine. Throws an UnsupportedError if its library can't be loaded. */
export function openProbe(): Probe {
  const { os } = Deno.build;
  if (os === "darwin") return openDarwin(libraryPaths());
  if (os === "linux") return openLinux(libraryPaths());
  throw new UnsupportedError(`Cannot read processes on ${os}: only macOS and Linux are supported`);
}

/** What ends processes of this machine. Throws an UnsupportedError if its library can't be loaded. */
export async function openEnder(): Promise<Ender> {
  const { openDarwinEnder, openLinuxEnder } = await import("./open_ender.ts");
  const paths = libraryPaths();
  return Deno.build.os === "darwin" ? openDarwinEnder(paths) : openLinuxEnder(paths);
}

/** What runs this program, as the runtime itself tells it. */
export function runtime(): Runtime {
  const { os, arch, standalone } = Deno.build;
  return { ...Deno.version, os, arch, isStandalone: standalone };
}

/** Where this platform's C library may be. */
function libraryPaths(): readonly string[] {
  const { os, arch } = Deno.build;
  return os === "darwin" ? [LIBSYSTEM_PATH] : LIBC_PATHS[arch] ?? [];
}

/** Loaded when it is first asked for, and kept: undefined before, null if it can't be loaded. */
let poll: PollCalls | null | undefined;

/** False if the file descriptor is a pipe or socket whose other end is closed. */
export function isRead(fd: number): boolean {
  // A command that only waits for its reader does without: the next write tells.
  if (poll === undefined) poll = tryOpen(libraryPaths(), POLL_SYMBOLS)?.symbols ?? null;
  return poll === null || hasReader(poll, fd);
}

/** Whether this process was started to ignore a signal. Not to be asked once somebody listens to it. */
export function isIgnored(signal: StopSignal): boolean {
  const library = tryOpen(libraryPaths(), SIGACTION_SYMBOLS);
  if (library === null) return false;
  try {
    return ignores(library.symbols, signal);
  } finally {
    library.close();
  }
}

/** Ends the process after so many milliseconds, with these words and exit code 3, whatever it waits for. */
export function endAfter(ms: number, words: LastWords): Disposable {
  return startDeadline({ ...words, ms, exitCode: EXIT_UNKNOWN, libraries: libraryPaths() });
}

/** A DarwinProbe on the first of `paths` that loads. */
export function openDarwin(paths: readonly string[]): DarwinProbe {
  const library = openFirst(paths, DARWIN_SYMBOLS);
  const close = () => library.close();
  return new DarwinProbe(library.symbols, Deno.build.arch, Deno.pid, close, () => {
    const ports = tryOpen(paths, DARWIN_PORTS_SYMBOLS);
    return ports && new DarwinPorts(ports.symbols, () => ports.close());
  });
}

/** A LinuxProbe on the first of `paths` that loads. */
export function openLinux(paths: readonly string[]): LinuxProbe {
  const library = openFirst(paths, LIBC_SYMBOLS);
  try {
    return new LinuxProbe(library.symbols, Deno.build.arch, () => library.close());
  } catch (error) {
    library.close();
    throw error;
  }
}

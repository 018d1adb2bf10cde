/** The LinuxProbe on this machine's libc with calls that fail: what is told, and that all is closed. */

import assert from "node:assert/strict";
import { NativeError, UnsupportedError } from "../../src/errors.ts";
import { LIBC_PATHS, LIBC_SYMBOLS, type LibcCalls } from "../../src/ffi/linux_abi.ts";
import { LinuxProbe } from "../../src/ffi/linux.ts";
import type { ProcessInfo } from "../../src/types.ts";
import { live } from "../support.ts";
import { wholeTable } from "../rows.ts";

const NEEDS = { Linux: Deno.build.os === "linux" };

/** errno.h of Linux. */
const EPERM = 1, ENOENT = 2, ESRCH = 3, EIO = 5, ENOMEM = 12, EACCES = 13, EMFILE = 24, EINVAL = 22;

type Name = Exclude<keyof LibcCalls, "memcpy" | "__errno_location">;

/** libc, with calls that fail when the test says so, and a count of what is open. */
class Faulty implements Disposable {
  readonly probe: LinuxProbe;
  #name: Name | null = null;
  #letThrough = 0;
  #errno = 0;
  #open = 0;
  readonly #errnoCell = new Int32Array(1);

  constructor(fault?: readonly [Name, number]) {
    const path = LIBC_PATHS[Deno.build.arch]!.find(exists)!;
    const library = Deno.dlopen(path, LIBC_SYMBOLS);
    if (fault) this.fail(...fault);
    try {
      this.probe = new LinuxProbe(this.#wrap(library.symbols), "x", () => library.close());
    } catch (error) {
      library.close();
      throw error;
    }
  }

  /** From now on the call `name` fails with this errno, after it was let through so many times. */
  fail(name: Name | null, errno = 0, letThrough = 0): void {
    this.#name = name;
    this.#errno = errno;
    this.#letThrough = letThrough;
  }

  /** Streams and directories that were opened and not closed. */
  get open(): number {
    return this.#open;
  }

  [Symbol.dispose](): void {
    this.probe[Symbol.dispose]();
  }

  #wrap(real: LibcCalls): LibcCalls {
    const opens = <T extends Deno.PointerValue>(result: T): T => {
      if (result !== null) this.#open++;
      return result;
    };
    return {
      ...real,
      fopen: (path, mode) => this.#fails("fopen") ? null : opens(real.fopen(path, mode)),
      fclose: (stream) => (this.#open--, real.fclose(stream)),
      read: (fd, to, size) => this.#fails("read") ? -1n : real.read(fd, to, size),
      getdirentries64: (fd, to, size, base) =>
        this.#fails("getdirentries64") ? -1n : real.getdirentries64!(fd, to, size, base),
      readlink: (path, to, size) => this.#fails("readlink") ? -1n : real.readlink(path, to, size),
      clock_gettime: (clock, to) =>
        this.#fails("clock_gettime") ? -1 : real.clock_gettime(clock, to),
      // As set by the failing call; without one, the library's own.
      memcpy: (to, from, size) => {
        const isErrno = this.#errnoCell[0] !== 0 && to instanceof Int32Array;
        if (!isErrno) return real.memcpy(to, from, size);
        to.set(this.#errnoCell);
        return Deno.UnsafePointer.of(to);
      },
    };
  }

  #fails(name: Name): boolean {
    this.#errnoCell[0] = 0;
    if (name !== this.#name || this.#letThrough-- > 0) return false;
    this.#errnoCell[0] = this.#errno;
    return true;
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function own(probe: LinuxProbe): ProcessInfo {
  return wholeTable(probe).processes.find((process) => process.key.pid === Deno.pid)!;
}

const CAUSES = [
  [ENOENT, "gone"],
  [ESRCH, "gone"],
  [EACCES, "denied"],
  [EPERM, "denied"],
  [EIO, "unsupported"],
  [EMFILE, "unsupported"],
  [ENOMEM, "unsupported"],
] as const;

live("a file that can't be opened or read says why, and is closed", NEEDS, () => {
  using libc = new Faulty();
  const { probe } = libc;
  const row = own(probe);
  for (const name of ["fopen", "read"] as const) {
    for (const [errno, missing] of CAUSES) {
      libc.fail(name, errno);
      for (const exact of [false, true]) assert.equal(probe.memory(row, { exact }), missing);
      assert.equal(probe.commandLine(row), missing);
      assert.equal(probe.marks(row.key.pid), null);
      assert.equal(libc.open, 0);
    }
  }
  libc.fail(null);
  assert(Array.isArray(probe.commandLine(row)));
});

live("a read that fails in the middle of the arguments gives none of them", NEEDS, () => {
  using libc = new Faulty();
  const row = own(libc.probe);
  libc.fail("read", ESRCH, 1);
  assert.equal(libc.probe.commandLine(row), "gone");
  assert.equal(libc.open, 0);
  libc.fail("read", ESRCH, 1);
  assert.equal(libc.probe.marks(row.key.pid), null);
  assert.equal(libc.open, 0);
});

live("without smaps_rollup the other figures stay", NEEDS, () => {
  using libc = new Faulty();
  const row = own(libc.probe);
  for (const name of ["fopen", "read"] as const) {
    libc.fail(name, EACCES, 1);
    const reading = libc.probe.memory(row, { exact: true });
    assert(typeof reading !== "string" && reading.footprintBytes > 0);
    assert.deepEqual([reading.pssBytes, reading.ussBytes], [null, null]);
    assert.equal(libc.open, 0);
  }
});

live("rows that can't be read are counted, unless their process is gone", NEEDS, () => {
  using libc = new Faulty();
  for (const name of ["fopen", "read"] as const) {
    for (const [errno, missing] of CAUSES) {
      libc.fail(null);
      const table = libc.probe.processTable();
      // The first row is read.
      libc.fail(name, errno, 1);
      assert.equal(table.pids.filter((pid) => table.get(pid)).length, 1);
      assert.equal(table.unreadable > 0, missing !== "gone", `${name} ${errno}`);
      assert.equal(libc.open, 0);
    }
  }
});

live("without /proc, a clock or the machine's memory there is a plain error", NEEDS, () => {
  using libc = new Faulty();
  libc.fail("getdirentries64", EMFILE);
  assert.throws(() => wholeTable(libc.probe), expected(NativeError, /\/proc.*errno 24/));
  for (const letThrough of [0, 1]) {
    libc.fail("clock_gettime", EINVAL, letThrough);
    assert.throws(() => wholeTable(libc.probe), expected(NativeError, /clock \d.*errno 22/));
  }
  for (const name of ["fopen", "read"] as const) {
    libc.fail(name, ENOENT);
    assert.throws(() => libc.probe.memoryBytes(), expected(UnsupportedError, /\/proc\/meminfo/));
  }
  assert.equal(libc.open, 0);
  assert.throws(() => new Faulty(["readlink", ENOENT]), expected(UnsupportedError, /mount/));
});

function expected(kind: new (message: string) => Error, text: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof kind && text.test(error.message);
}

live("paths that can't be read are null", NEEDS, () => {
  using libc = new Faulty();
  for (const [errno] of CAUSES) {
    libc.fail("readlink", errno);
    assert.equal(libc.probe.executable(Deno.pid), null);
    assert.equal(libc.probe.directory(Deno.pid), null);
  }
});

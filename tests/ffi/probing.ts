/** Tests of the DarwinProbe that ships, on the stand-in library. */

import assert from "node:assert/strict";
import { DarwinProbe } from "../../src/ffi/darwin.ts";
import { DARWIN_SYMBOLS, type DarwinCalls } from "../../src/ffi/darwin_abi.ts";
import { DarwinPorts } from "../../src/ffi/darwin_ports.ts";
import { DARWIN_PORTS_SYMBOLS, type DarwinPortsCalls } from "../../src/ffi/darwin_ports_abi.ts";
import type { ProcessInfo } from "../../src/types.ts";
import { CALLER, NEEDS, type ProcessScript, Standin } from "../standin/standin.ts";
import { live } from "../support.ts";
import { wholeTable } from "../rows.ts";

/** Puts something between the probe and the library, such as a call that fails. */
export type Wrap = (calls: DarwinCalls) => DarwinCalls;

export interface Scene {
  readonly system: Standin;
  readonly probe: DarwinProbe;
  /** Adds a process and gives its row of the process table. */
  readonly process: (script: ProcessScript) => ProcessInfo;
}

/**
 * A test on an empty machine with the caller on it. However it ends, no port may be left over, and
 * nothing may have been asked of the library that may not be asked.
 */
export function probing(
  name: string,
  fn: (scene: Scene) => void,
  wrap: Wrap = (calls) => calls,
  wrapPorts: (calls: DarwinPortsCalls) => DarwinPortsCalls = (calls) => calls,
): void {
  live(name, NEEDS, () => {
    using system = new Standin();
    system.add({ pid: CALLER.pid, name: "ocmem" });
    const library = Deno.dlopen(system.path, DARWIN_SYMBOLS);
    const calls = wrap(library.symbols);
    const close = () => library.close();
    using probe = new DarwinProbe(calls, "aarch64", CALLER.pid, close, () => {
      const ports = Deno.dlopen(system.path, DARWIN_PORTS_SYMBOLS);
      return new DarwinPorts(wrapPorts(ports.symbols), () => ports.close());
    });
    const process = (script: ProcessScript) => {
      system.add(script);
      return row(probe, script.pid);
    };
    fn({ system, probe, process });
    assert.deepEqual(system.violations(), []);
    assert.equal(system.livePorts(), 0, "ports that were not given back");
  });
}

/** The row of a pid in the process table as the probe sees it. */
export function row(probe: DarwinProbe, pid: number): ProcessInfo {
  const row = wholeTable(probe).processes.find((process) => process.key.pid === pid);
  assert(row, `${pid} is not in the process table`);
  return row;
}

/** A wrap that makes calls fail with an errno of the test's choice: 0 lets them through. */
export function failing(
  name: "sysctl" | "proc_pid_rusage",
): { errno: number; readonly wrap: Wrap } {
  const errno = new Int32Array(1);
  const trouble = {
    errno: 0,
    wrap: (calls: DarwinCalls): DarwinCalls => {
      const real: (...args: never[]) => number = calls[name];
      const call = (...args: never[]) => {
        errno[0] = trouble.errno;
        return trouble.errno === 0 ? real(...args) : -1;
      };
      return { ...calls, [name]: call, __error: () => Deno.UnsafePointer.of(errno) };
    },
  };
  return trouble;
}

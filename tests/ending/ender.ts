/** A machine whose processes end, or don't, when they are signalled. */

import type { Ender, EndSignal, Hold } from "../../src/ender.ts";
import type { Missing, Os, Reading } from "../../src/types.ts";
import { FakeProbe, type FakeProcess, MIB, OWN_PID, reading } from "../fake.ts";
import { type Ran, runFake, type Scene } from "../fake_world.ts";

export const UID = 501;

/** ocmem itself, below a shell. */
export const SHELL: FakeProcess = { pid: 998, ppid: 1, name: "bash", uid: UID };
export const OWN: FakeProcess = { pid: OWN_PID, ppid: 998, name: "deno", uid: UID };

/** A session of the caller's. */
export function session(pid: number, rest: Partial<FakeProcess> = {}): FakeProcess {
  return {
    ...{ pid, ppid: 998, name: "opencode", exe: "/b/opencode", argv: ["opencode"], uid: UID },
    ...{ cwd: "/home/ann/web", memory: 500 * MIB, ...rest },
  };
}

/** What a session has started. */
export function child(pid: number, ppid: number, rest: Partial<FakeProcess> = {}): FakeProcess {
  return { pid, ppid, name: "node", exe: "/b/node", uid: UID, memory: 30 * MIB, ...rest };
}

/** A session, and two processes below it. */
export const TREE: readonly FakeProcess[] = [session(10), child(11, 10), child(12, 11)];

export interface Reactions {
  /** Pids that outlive SIGTERM. */
  readonly stubborn?: readonly number[];
  /** Pids that outlive everything. */
  readonly immortal?: readonly number[];
  /** What happens when somebody takes hold of a process, before or after it is known to be there. */
  readonly onHold?: (machine: FakeMachine, pid: number) => Missing | void;
  /** What happens at a signal in the place of the usual. */
  readonly onSend?: (machine: FakeMachine, pid: number, signal: EndSignal) => Missing | null;
  readonly by?: Hold["by"];
  readonly ownPid?: number;
  readonly os?: Os;
}

export class FakeMachine implements Ender {
  readonly probe: FakeProbe;
  readonly ownPid: number;
  /** Every signal that was sent, such as `10 SIGTERM`. */
  readonly sent: string[] = [];
  #processes: readonly FakeProcess[];
  readonly #reactions: Reactions;

  constructor(
    processes: readonly FakeProcess[],
    reactions: Reactions = {},
    own: readonly FakeProcess[] = [SHELL, OWN],
  ) {
    this.#processes = [...own, ...processes];
    this.#reactions = reactions;
    this.ownPid = reactions.ownPid ?? OWN_PID;
    this.probe = new FakeProbe(this.#processes, reactions.os);
  }

  /** Makes a process another, or with null has it gone. */
  turn(pid: number, into: Partial<FakeProcess> | null): void {
    this.#processes = this.#processes.flatMap((one) =>
      one.pid !== pid ? [one] : into === null ? [] : [{ ...one, ...into }]
    );
    this.probe.set(this.#processes);
  }

  hold(pid: number): Hold | Missing {
    const { onHold, onSend, stubborn = [], immortal = [], by = "pidfd" } = this.#reactions;
    const why = onHold?.(this, pid);
    if (why) return why;
    return {
      by,
      send: (signal) => {
        this.sent.push(`${pid} ${signal}`);
        if (onSend) return onSend(this, pid, signal);
        const outlives = immortal.includes(pid) || (signal === "SIGTERM" && stubborn.includes(pid));
        if (!outlives) this.turn(pid, null);
        return null;
      },
      [Symbol.dispose]: () => {},
    };
  }

  [Symbol.dispose](): void {}
}

/** Runs `stop` with these words. */
export function stopOn(machine: FakeMachine, args: string, scene: Scene = {}): Promise<Ran> {
  const words = args.split(" ").filter((word) => word);
  return runFake(["stop", ...words], { probe: machine.probe, ender: machine, ...scene });
}

export interface Row {
  readonly pid: number;
  readonly outcome: string;
  readonly refusal: string | null;
  readonly signals: readonly string[];
  readonly signalled_by: string | null;
  readonly waited_ms: number;
  readonly footprint_bytes: number | null;
}

export interface Document {
  readonly exit_code: number;
  readonly totals: { readonly ended: number; readonly reclaimed_bytes: number };
  readonly processes: readonly Row[];
}

/** Runs `stop --json --yes`, and reads what it says. */
export async function stopped(
  machine: FakeMachine,
  args: string,
  scene: Scene = {},
): Promise<Document> {
  const { out, err, code } = await stopOn(machine, `--json --yes ${args}`, scene);
  if (err !== "") throw new Error(err);
  const document: Document = JSON.parse(out);
  if (document.exit_code !== code) throw new Error(`Exit code ${code} of ${out}`);
  return document;
}

/** `10 ended`, for each process. */
export function outcomes({ processes }: Document): string[] {
  return processes.map(({ pid, outcome, refusal }) =>
    `${pid} ${outcome}${refusal === null ? "" : ` ${refusal}`}`
  );
}

/** Memory that tells the user too, as Linux has it. */
export function memoryOf(uid: number | null): Reading {
  return reading(MIB, { uid });
}

/**
 * A scripted machine for the bench of the history: instances of OpenCode with their servers, which end and
 * begin anew after hours or days, and the short-lived children of a working day. The same in every run.
 */

import type {
  Machine,
  Marks,
  Missing,
  ProcessInfo,
  ProcessTable,
  Reading,
} from "../../src/types.ts";
import { randomFrom } from "./soak_chance.ts";
import { ScriptedMachine } from "./scripted_machine.ts";

/** Processes of an instance that live as long as it does, the session among them. */
export const PROCESSES_EACH = 5;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PAGE = 4096;
const MIB = 1024 ** 2;
const OPENCODE = "/opt/opencode/bin/opencode";
const SERVERS = [
  ["node", "/opt/mcp/files.js", "--root"],
  ["node", "/opt/mcp/browser.js"],
  ["gopls", "serve"],
  ["node", "/opt/lsp/typescript.js", "--stdio"],
] as const;
const SEED = 365;

interface Being {
  readonly info: ProcessInfo;
  readonly argv: readonly string[];
  readonly executable: string;
  readonly slot: number;
  readonly endsAtMs: number;
  readonly baseBytes: number;
  bytes: number;
}

export class HistoryMachine extends ScriptedMachine<Being> {
  readonly os = "linux";
  readonly arch = "x86_64";
  readonly source = "proc_status";
  readonly #nowMs: () => number;
  readonly #instances: number;
  readonly #childrenADay: number;
  readonly #random = randomFrom(SEED);
  readonly #mains: number[] = [];
  readonly #bornAtMs: number;
  #lastPid = 1000;
  #births = 0;
  #nextChildAtMs: number;

  constructor(nowMs: () => number, instances: number, childrenADay: number) {
    super();
    this.#nowMs = nowMs;
    this.#instances = instances;
    this.#childrenADay = childrenADay;
    this.#bornAtMs = nowMs();
    this.#nextChildAtMs = nowMs();
  }

  machine(): Machine {
    return { name: "bench", boot: "6f2c1a54-0000-4000-8000-000000000000" };
  }

  processTable(): ProcessTable {
    const nowMs = this.#nowMs();
    for (const [pid, being] of this.beings) if (being.endsAtMs <= nowMs) this.beings.delete(pid);
    for (let slot = 0; slot < this.#instances; slot++) {
      if (!this.beings.has(this.#mains[slot] ?? -1)) this.#begin(slot, nowMs);
    }
    while (this.#nextChildAtMs <= nowMs) {
      this.#beginChild(nowMs);
      // So many a day on average, at times that are not even.
      this.#nextChildAtMs += this.#random() * 2 * DAY / this.#childrenADay;
    }
    return this.table();
  }

  directory(pid: number): string | null {
    const slot = this.beings.get(pid)?.slot;
    return slot === undefined ? null : `/home/ada/work/project-${slot}`;
  }

  marks(): Marks | null {
    return { openCodePid: null, runsAsBun: false };
  }

  /** Moves around where it began, and now and then high above it. */
  memory({ key: { pid } }: ProcessInfo): Reading | Missing {
    const being = this.beings.get(pid);
    if (!being) return "gone";
    const drawnBytes = (being.baseBytes - being.bytes) * 0.02;
    const leap = this.#random() < 0.001 ? being.baseBytes * 2 : 0;
    const stepBytes = (this.#random() - 0.5) * 4 * MIB + drawnBytes + leap;
    const pages = Math.max(256, Math.round((being.bytes + stepBytes) / PAGE));
    being.bytes = pages * PAGE;
    return {
      footprintBytes: being.bytes,
      residentBytes: being.bytes + 37 * PAGE * (1 + pid % 97),
      peakBytes: null,
      swappedBytes: null,
      pssBytes: null,
      ussBytes: null,
      source: this.source,
      uid: 1000,
    };
  }

  /** A session with its servers, for some hours or days. */
  #begin(slot: number, nowMs: number): void {
    const endsAtMs = nowMs + (8 + this.#random() * 64) * HOUR;
    const session = { name: "opencode", executable: OPENCODE, argv: [OPENCODE] };
    const main = this.#bear({ ...session, slot, endsAtMs, baseBytes: (300 + 150 * slot) * MIB });
    this.#mains[slot] = main;
    for (const [i, [name, ...args]] of SERVERS.entries()) {
      const argv = [name, ...args, `/home/ada/work/project-${slot}`];
      const server = { name, executable: `/usr/bin/${name}`, argv };
      this.#bear({ ...server, slot, endsAtMs, baseBytes: (60 + 40 * i) * MIB }, main);
    }
  }

  /** A shell of a session, with a command line of its own, for some minutes. */
  #beginChild(nowMs: number): void {
    const slot = Math.floor(this.#random() * this.#instances);
    const main = this.#mains[slot]!;
    const endsAtMs = Math.min(
      nowMs + (1 + this.#random() * 14) * MINUTE,
      this.beings.get(main)!.endsAtMs,
    );
    const script = `cd /home/ada/work/project-${slot} && npm test -- --grep "case ${this.#births}"`;
    const shell = { name: "bash", executable: "/usr/bin/bash", argv: ["bash", "-c", script] };
    this.#bear({ ...shell, slot, endsAtMs, baseBytes: (5 + this.#random() * 200) * MIB }, main);
  }

  #bear({ name, ...rest }: Omit<Being, "info" | "bytes"> & { name: string }, ppid = 1): number {
    do this.#lastPid = 1000 + (this.#lastPid - 999) % 31_000; while (
      this.beings.has(this.#lastPid)
    );
    const pid = this.#lastPid;
    const startedAtMs = this.#nowMs();
    // As Linux counts: hundredths of a second since the start of the machine.
    const started = `${Math.floor((startedAtMs - this.#bornAtMs) / 10) + ++this.#births % 100}`;
    const info = { key: { pid, started }, ppid, name, uid: 1000, startedAtMs, zombie: false };
    this.beings.set(pid, { ...rest, info, bytes: rest.baseBytes });
    return pid;
  }
}

/** The World of the soak: its clock jumps wherever somebody waits, and what is written is counted. */

import type { Ender } from "../../src/ender.ts";
import type { Probe } from "../../src/types.ts";
import type { Order, Outcome, Output, Outside, World } from "../../src/world.ts";
import { SoakMachine, type Watcher } from "./soak_machine.ts";

const BEGIN_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
/** Every so many looks the event loop has its turn, so that what waits for it goes on. */
const LOOKS_TO_TURN = 100;
/** Every so many looks the machine sleeps for so long, or has no time for ocmem for so long. */
const LOOKS_TO_SLEEP = 700;
const SLEEP_MS = 3 * 3_600_000;
const LOOKS_TO_STALL = 1100;
const STALL_MS = 10 * 60_000;

export class SoakWorld implements World {
  readonly version = "1.2.3";
  readonly commit = null;
  renounce(): void {}

  readonly runtime = {
    ...{ deno: "", v8: "", typescript: "", os: "linux", arch: "x86_64", isStandalone: false },
  };
  readonly args: readonly string[] = [];
  readonly startedAtMs = BEGIN_MS;
  readonly stdout: Output;
  readonly stderr: Output;
  /** What was written, in bytes if it were all ASCII. */
  written = 0;
  /** What was said on standard error. */
  complaints = "";
  /** Events of each kind that hooks were told of. */
  readonly events = new Map<string, number>();
  readonly #machine: SoakMachine;
  readonly #isTerminal: boolean;
  #elapsedMs = 0;
  #skewMs = 0;
  #looks = 0;

  constructor(watcher: Watcher, isTerminal: boolean) {
    this.#machine = new SoakMachine(() => this.nowMs(), watcher);
    this.#isTerminal = isTerminal;
    const common = { hasReader: () => true, isTerminal: () => isTerminal };
    this.stdout = { ...common, write: (text) => (this.written += text.length, true) };
    this.stderr = { ...common, write: (text) => (this.complaints += text, true) };
  }

  openProbe(): Probe {
    return this.#machine;
  }

  openEnder(): Promise<Ender> {
    throw new Error("The soak ends nothing");
  }

  readonly stdin = { isTerminal: () => false, line: () => Promise.resolve(null) };

  nowMs(): number {
    return BEGIN_MS + this.#elapsedMs + this.#skewMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  async sleep(ms: number, cut: AbortSignal): Promise<void> {
    if (cut.aborted) return;
    const { looks } = this.#machine;
    if (looks !== this.#looks) {
      this.#looks = looks;
      if (looks % LOOKS_TO_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      if (looks % LOOKS_TO_SLEEP === 0) this.#skewMs += SLEEP_MS;
      if (looks % LOOKS_TO_STALL === 0) this.#elapsedMs += STALL_MS;
    }
    this.#elapsedMs += ms;
    await null;
  }

  onStop(): Disposable {
    return { [Symbol.dispose]: () => {} };
  }

  execute({ env }: Order): Promise<Outcome> {
    const kind = env.OCMEM_EVENT ?? "none";
    this.events.set(kind, (this.events.get(kind) ?? 0) + 1);
    return Promise.resolve({ kind: "done", code: 0, output: "" });
  }

  openScreen(): Promise<Disposable> {
    return Promise.resolve({ [Symbol.dispose]: () => {} });
  }

  endAfter(): never {
    throw new Error("No time-out was asked for");
  }

  readFile(): null {
    return null;
  }

  realPath(): null {
    return null;
  }

  openFile(): never {
    throw new Error("No file was asked for");
  }

  makeFolder(): void {}

  removeFile(): boolean {
    return false;
  }

  openDatabase(): never {
    throw new Error("No database was asked for");
  }

  outside(): Promise<Outside> {
    const get = () => Promise.resolve({ kind: "failed", reason: "nobody listens there" } as const);
    return Promise.resolve({ folder: () => null, openRaw: () => Promise.resolve(null), get });
  }

  listen(): never {
    throw new Error("No server was asked for");
  }

  directory(): string {
    return "/";
  }

  ownCommand(): readonly string[] {
    return ["/opt/ocmem"];
  }

  env(name: string): string | undefined {
    return name === "HOME" ? "/Users/ada" : name === "TERM" ? "xterm-256color" : undefined;
  }

  size(): { columns: number; rows: number } | null {
    return this.#isTerminal ? { columns: 120, rows: 40 } : null;
  }
}

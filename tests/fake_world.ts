/** A scripted World: its clock goes on only when somebody waits, and things happen at their times. */

import { run } from "../src/cli.ts";
import { HOOK_CHECK } from "../src/commands/hook_check.ts";
import type { Ender } from "../src/ender.ts";
import type { Probe } from "../src/types.ts";
import { openDatabase } from "../src/world/database.ts";
import type {
  Database,
  DatabasePlace,
  Grant,
  Input,
  LastWords,
  Listening,
  Order,
  Outcome,
  Output,
  Outside,
  ScreenListener,
  Server,
  Size,
  StopSignal,
  WholeFile,
  World,
} from "../src/world.ts";
import { FileError, UnsupportedError } from "../src/errors.ts";
import { FakeProbe, NOW_MS } from "./fake.ts";

/** What a run of the command line printed and returned. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What can happen to a running command. */
export interface Controls {
  signal(signal: StopSignal): void;
  /** The machine sleeps: its clock goes on, the process's stands. */
  sleepMachine(ms: number): void;
  /** The process is stopped, or waits for its turn: both clocks go on. */
  stall(ms: number): void;
  key(text: string): void;
  resize(size: Size): void;
  /** The terminal goes away. */
  hangUp(): void;
  /** The reader of standard output goes away. */
  closeOutput(): void;
}

/** Settings of the scripted World. */
export interface Scene {
  readonly probe?: Probe;
  readonly openProbe?: () => Probe;
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: Size | null;
  readonly terminal?: boolean;
  /** What ends processes; without it nothing can. */
  readonly ender?: Ender;
  /** The answer on standard input, which then is a terminal; null: it never comes. */
  readonly answer?: string | null;
  readonly write?: (text: string) => void;
  /** What happens, by the milliseconds since the start. */
  readonly script?: Readonly<Record<number, (controls: Controls) => void>>;
  /** Answers orders to the shell; without it they succeed. */
  readonly execute?: (order: Order, cut: AbortSignal) => Promise<Outcome>;
  /** Answers whether the command of --exec can be run; without it it can. */
  readonly checkHook?: (order: Order, cut: AbortSignal) => Promise<Outcome>;
  /** A clock that does not go by waiting. */
  readonly elapsedMs?: () => number;
  /** The files there are, by path; what is written and removed shows in them. */
  readonly files?: Map<string, FakeFile>;
  /** Where links lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** Paths that can't be read, written or removed, and why. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** What starts ocmem again. */
  readonly ownCommand?: readonly string[];
  /** Opens databases; without it they are real ones. */
  readonly openDatabase?: (place: DatabasePlace) => Promise<Database> | Database;
  /** Starts servers; without it there are none. */
  readonly listen?: (listening: Listening) => Promise<Server>;
  /** What belongs to other programs; without it there is nothing. */
  readonly outside?: Partial<Outside>;
  /** The folder that relative paths are relative to. */
  readonly directory?: string;
  /** The commit of an executable. */
  readonly commit?: string;
  /** Every time-out that was started. */
  readonly deadlines?: (LastWords & { readonly ms: number })[];
}

/** A file of the scripted World. */
export interface FakeFile {
  readonly text: string;
  readonly mode?: number;
}

/** Runs a command line in a scripted World. */
export async function runFake(args: readonly string[], scene: Scene = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const world = new FakeWorld(scene, (text) => out += text, (text) => err += text, args);
  const code = await run(args, world);
  if (!world.isQuiet) throw new Error("A listener was left behind");
  return { code, out, err };
}

export class FakeWorld implements World {
  readonly version = "1.2.3";
  readonly commit: string | null;
  readonly runtime = {
    ...{ deno: "2.9.6", v8: "14.0", typescript: "5.9" },
    ...{ os: "linux", arch: "x86_64", isStandalone: false },
  };
  readonly startedAtMs = NOW_MS;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Everybody who is waiting for a signal, or listens to keys. */
  readonly #heeding = new Set<(signal: StopSignal) => void>();
  readonly #screens = new Set<ScreenListener>();
  /** Files and time-outs that are open. */
  readonly #left = new Set<unknown>();
  readonly #renounced = new Set<Grant>();
  readonly #scene: Scene;
  #pending: [number, (controls: Controls) => void][];
  #elapsedMs = 0;
  #skewMs = 0;
  #size: Size | null;
  #isOpen = true;

  constructor(
    scene: Scene,
    out: (text: string) => void,
    err: (text: string) => void,
    readonly args: readonly string[] = [],
  ) {
    this.#scene = scene;
    this.commit = scene.commit ?? null;
    this.#size = scene.size ?? null;
    this.#pending = Object.entries(scene.script ?? {})
      .map(([atMs, happen]) => [Number(atMs), happen] as [number, typeof happen])
      .sort(([a], [b]) => a - b);
    const stream = (write: (text: string) => void): Output => ({
      write: (text) => {
        if (this.#isOpen) write(text);
        return this.#isOpen;
      },
      hasReader: () => this.#isOpen,
      isTerminal: () => scene.terminal ?? false,
    });
    this.stdout = stream(scene.write ?? out);
    this.stderr = { ...stream(err), write: (text) => (err(text), true) };
  }

  openProbe(): Probe {
    return this.#scene.openProbe?.() ?? this.#scene.probe ?? new FakeProbe([]);
  }

  openEnder(): Promise<Ender> {
    const { ender } = this.#scene;
    if (!ender) throw new Error("This scripted World ends nothing");
    this.#left.add(ender);
    return Promise.resolve({
      ownPid: ender.ownPid,
      hold: (pid) => {
        const hold = ender.hold(pid);
        if (typeof hold === "string") return hold;
        this.#left.add(hold);
        return {
          by: hold.by,
          send: (signal) => hold.send(signal),
          [Symbol.dispose]: () => void this.#left.delete(hold),
        };
      },
      [Symbol.dispose]: () => void this.#left.delete(ender),
    });
  }

  readonly stdin: Input = {
    isTerminal: () => this.#scene.answer !== undefined,
    line: async (cut) => {
      const { answer } = this.#scene;
      if (answer === undefined) return null;
      // It goes on until it is told to end.
      while (answer === null && !cut.aborted) await this.sleep(1000, cut);
      return answer;
    },
  };

  nowMs(): number {
    return NOW_MS + this.#elapsedMs + this.#skewMs;
  }

  elapsedMs(): number {
    return this.#scene.elapsedMs?.() ?? this.#elapsedMs;
  }

  async sleep(ms: number, cut: AbortSignal): Promise<void> {
    const end = this.#elapsedMs + ms;
    await othersTurn();
    while (!cut.aborted) {
      const [next] = this.#pending;
      if (!next || next[0] > end) break;
      this.#pending.shift();
      this.#elapsedMs = Math.max(this.#elapsedMs, next[0]);
      next[1](this.#controls);
      await othersTurn();
    }
    if (!cut.aborted) this.#elapsedMs = Math.max(this.#elapsedMs, end);
  }

  onStop(heed: (signal: StopSignal) => void): Disposable {
    this.#heeding.add(heed);
    return { [Symbol.dispose]: () => void this.#heeding.delete(heed) };
  }

  async execute(order: Order, cut: AbortSignal): Promise<Outcome> {
    this.#mustMay("run");
    const { execute, checkHook } = this.#scene;
    const answer = order.script === HOOK_CHECK ? checkHook : execute;
    return await answer?.(order, cut) ?? { kind: "done", code: 0, output: "" };
  }

  openScreen(listener: ScreenListener): Promise<Disposable> {
    this.#screens.add(listener);
    return Promise.resolve({ [Symbol.dispose]: () => void this.#screens.delete(listener) });
  }

  endAfter(ms: number, words: LastWords): Disposable {
    const deadline = { ms, ...words };
    this.#scene.deadlines?.push(deadline);
    this.#left.add(deadline);
    return { [Symbol.dispose]: () => void this.#left.delete(deadline) };
  }

  readFile(path: string): string | null {
    this.#mustMay("read");
    this.#mayTouch("read", path);
    return this.#scene.files?.get(path)?.text ?? null;
  }

  realPath(path: string): string | null {
    this.#mustMay("read");
    return this.#scene.links?.[path] ?? null;
  }

  openFile(path: string, mode: number): WholeFile {
    this.#mustMay("read", "write");
    this.#mayTouch("create", path);
    let text = "";
    this.#left.add(path);
    return {
      temporary: `${path}.tmp`,
      write: (more) => void (text += more),
      keep: () => void this.#scene.files?.set(path, { text, mode }),
      [Symbol.dispose]: () => void this.#left.delete(path),
    };
  }

  makeFolder(path: string): void {
    this.#mustMay("read", "write");
    this.#mayTouch("create", path);
  }

  removeFile(path: string): boolean {
    this.#mustMay("write");
    this.#mayTouch("remove", path);
    return this.#scene.files?.delete(path) ?? false;
  }

  async openDatabase(place: DatabasePlace): Promise<Database> {
    if (place.kind !== "memory") this.#mustMay("read", "write");
    if (place.kind !== "memory") this.#mayTouch("open", place.path);
    const database = await (this.#scene.openDatabase ?? openDatabase)(place);
    this.#left.add(database);
    return new Proxy(database, {
      get: (_, name: keyof Database) => {
        if (name === Symbol.dispose) this.#left.delete(database);
        const value: unknown = database[name];
        return typeof value === "function" ? value.bind(database) : value;
      },
    });
  }

  outside(): Promise<Outside> {
    const { folder, openRaw, get } = this.#scene.outside ?? {};
    return Promise.resolve({
      folder: (path) => {
        this.#mustMay("read");
        return folder?.(path) ?? null;
      },
      openRaw: async (path) => {
        this.#mustMay("read");
        const file = await openRaw?.(path) ?? null;
        if (file === null) return null;
        this.#left.add(file);
        return {
          size: () => file.size(),
          stamp: () => file.stamp(),
          read: (at, length) => file.read(at, length),
          [Symbol.dispose]: () => {
            this.#left.delete(file);
            file[Symbol.dispose]();
          },
        };
      },
      get: async (request) => {
        this.#mustMay("net");
        return await get?.(request) ?? { kind: "failed", reason: "nobody listens there" };
      },
    });
  }

  async listen(listening: Listening): Promise<Server> {
    this.#mustMay("net");
    if (!this.#scene.listen) throw new UnsupportedError("Cannot listen in a scripted world");
    return await this.#scene.listen(listening);
  }

  directory(): string {
    return this.#scene.directory ?? "/here";
  }

  ownCommand(): readonly string[] {
    return this.#scene.ownCommand ?? ["/opt/ocmem"];
  }

  #mayTouch(action: string, path: string): void {
    const reason = this.#scene.refusals?.[path];
    if (reason !== undefined) throw new FileError(`Cannot ${action} ${path}: ${reason}`);
  }

  renounce(grants: readonly Grant[]): void {
    for (const grant of grants) this.#renounced.add(grant);
  }

  /** What was given up is refused, with an error that no command expects. */
  #mustMay(...grants: readonly Grant[]): void {
    for (const grant of grants) {
      if (this.#renounced.has(grant)) throw new Error(`It needs ${grant}, which was given up`);
    }
  }

  env(name: string): string | undefined {
    return this.#scene.env?.[name];
  }

  size(): Size | null {
    return this.#size;
  }

  /** Nobody listens any more: what a command must leave behind. */
  get isQuiet(): boolean {
    return this.#heeding.size === 0 && this.#screens.size === 0 && this.#left.size === 0;
  }

  readonly #controls: Controls = {
    signal: (signal) => this.#heeding.forEach((heed) => heed(signal)),
    sleepMachine: (ms) => this.#skewMs += ms,
    stall: (ms) => this.#elapsedMs += ms,
    key: (text) => this.#screens.forEach((screen) => screen.key(text)),
    resize: (size) => {
      this.#size = size;
      this.#screens.forEach((screen) => screen.resize());
    },
    hangUp: () => {
      this.#size = null;
      this.#isOpen = false;
    },
    closeOutput: () => this.#isOpen = false,
  };
}

/** Promises that have settled meanwhile, such as a hook's, go on before time does. */
async function othersTurn(): Promise<void> {
  for (let i = 0; i < 20; i++) await null;
}

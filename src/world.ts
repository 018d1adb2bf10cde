/** Everything outside but processes: clocks, streams, signals, keys, the shell, the environment. */

import type { Ender } from "./ender.ts";
import type { Probe } from "./types.ts";

/** Text output that may turn out to be closed. */
export interface Output {
  /**
   * Writes all of it. False if the reader has gone, as in `| head`: nobody is there to be told. Throws
   * an OutputError if it can't be written for another reason.
   */
  write(text: string): boolean;
  /** Whether somebody can still read what is written. Asks the system; costs microseconds. */
  hasReader(): boolean;
  isTerminal(): boolean;
}

/** Standard input, as far as it is asked for an answer. */
export interface Input {
  isTerminal(): boolean;
  /** The next line without its end; null if there is none, or `cut` aborts before. */
  line(cut: AbortSignal): Promise<string | null>;
}

/** Columns and lines of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A file that is replaced whole, or not at all: what is written shows when it is kept. */
export interface WholeFile extends Disposable {
  /** Where it is until it is kept. */
  readonly temporary: string;
  /** Throws an OutputError if the disk is full. */
  write(text: string): void;
  /** Puts what was written in the place of what was there. Without it, disposing leaves all as it was. */
  keep(): void;
}

/** What is left to do when a process is ended because its time is up. */
export interface LastWords {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** A file to remove. */
  readonly leftover: string | null;
}

/** What asks a command from outside to end. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** A command for the shell, and what it is told. */
export interface Order {
  /** For `/bin/sh -c`. The user's own text, or ours: nothing that comes from a process. */
  readonly script: string;
  /** `$0`, `$1`, … of the script. */
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After so long it is ended, with all that it started. */
  readonly timeoutMs: number;
}

/** How a command for the shell ended. `output` is the start of what it wrote, any text. */
export type Outcome =
  | { readonly kind: "done"; readonly code: number; readonly output: string }
  | { readonly kind: "ended"; readonly output: string }
  | { readonly kind: "refused"; readonly reason: string };

/** A value of a database's row. */
export type SqlValue = string | number | null;

/** A statement that is run again and again. Its methods throw a DatabaseError. */
export interface Statement {
  /** Runs it, and returns the id of the last row that was inserted. */
  run(...values: readonly SqlValue[]): number;
  /** Runs it, and returns the rows. */
  rows(...values: readonly SqlValue[]): readonly (readonly SqlValue[])[];
}

/** An open SQLite database. Its methods throw a DatabaseError. */
export interface Database extends Disposable {
  /** Runs statements that have no values. */
  execute(sql: string): void;
  prepare(sql: string): Statement;
  /** Whether its file is still the one that has its name: others may remove or replace it. */
  isInPlace(): boolean;
}

/** Where a database is: a file that is made if it is not there, a file that is only read, or memory. */
export type DatabasePlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "memory" };

/** A file of another program: only read, without a lock, and with nothing made beside it. */
export interface RawFile extends Disposable {
  size(): number;
  /** Another one once somebody has written to it. */
  stamp(): string;
  /** The bytes from there on: fewer at its end. */
  read(at: number, length: number): Uint8Array;
}

export interface Folder {
  readonly names: readonly string[];
  /** Whose it is, or null if the system does not tell. */
  readonly uid: number | null;
}

/** A GET to an address of this machine. */
export interface LocalRequest {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

/** The answer as it came, redirections included; or why there is none, as a part of a sentence. */
export type LocalAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "failed"; readonly reason: string };

/** What belongs to other programs: nothing of it is ever changed. */
export interface Outside {
  /** What is in a folder, or null if it can't be told. */
  folder(path: string): Folder | null;
  /** Opens a file, or null if it is not there. Throws a FileError. */
  openRaw(path: string): Promise<RawFile | null>;
  /** Never throws. */
  get(request: LocalRequest): Promise<LocalAnswer>;
}

/** A request to the server, as far as it is looked at. */
export interface ServerRequest {
  readonly method: string;
  /** As it was sent: path and query. */
  readonly target: string;
  /**
   * A header by its name in lower case, or undefined. Several of one name are one text, with commas
   * (cookies: semicolons).
   */
  header(name: string): string | undefined;
}

/** An answer with its whole body, or one that goes on until somebody ends it. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ((stream: ServerStream) => void);
}

/** A body that goes on. */
export interface ServerStream {
  /** False if the reader has gone, or reads so slowly that it was cut off. */
  write(text: string): boolean;
  /** Called once, when the reader has gone or the server ends. */
  onEnd(heed: () => void): void;
}

export interface Listening {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly answer: (request: ServerRequest) => ServerAnswer | Promise<ServerAnswer>;
  /** Told of what went wrong in the server itself. */
  readonly complain: (message: string) => void;
}

/** A server that runs until it is disposed of: then all its connections end at once. */
export interface Server extends AsyncDisposable {
  /** The port that it listens on. */
  readonly port: number;
}

/** What a terminal reports while it is used as a screen. */
export interface ScreenListener {
  /** A key that was pressed, as the terminal sends it. */
  key(text: string): void;
  /** The window has another size. */
  resize(): void;
}

/** What this process may do, of all that can be given up. */
export type Grant = "read" | "write" | "net" | "run";

/** The environment variables that are looked at, and no others. */
export type EnvName =
  | "NO_COLOR"
  | "FORCE_COLOR"
  | "CLICOLOR_FORCE"
  | "TERM"
  | "HOME"
  | "XDG_CONFIG_HOME"
  | "XDG_STATE_HOME"
  | "XDG_DATA_HOME"
  | "OPENCODE_DB"
  | "LC_ALL"
  | "LC_CTYPE"
  | "LANG"
  | "OTEL_DENO"
  | "OTEL_DENO_METRICS"
  | `OCMEM_${string}`;

/** What runs this program. */
export interface Runtime {
  readonly deno: string;
  readonly v8: string;
  readonly typescript: string;
  readonly os: string;
  readonly arch: string;
  /** Whether it is one executable, with nothing to pass to a runtime. */
  readonly isStandalone: boolean;
}

/** Everything a command touches besides its arguments. */
export interface World {
  readonly version: string;
  /** The commit that an executable was made from, 40 hex digits, with "-dirty" if more went in; or null. */
  readonly commit: string | null;
  readonly runtime: Runtime;
  /** The arguments that this process was started with. */
  readonly args: readonly string[];
  /** When this process started, in milliseconds since 1970, as its runtime tells it. */
  readonly startedAtMs: number;
  /** Opens the machine's processes. Throws an UnsupportedError or NativeError. */
  openProbe(): Probe;
  /** Opens what ends processes. Throws an UnsupportedError. */
  openEnder(): Promise<Ender>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds on a clock that never goes back, and that stands while the machine sleeps. */
  elapsedMs(): number;
  /** Waits so many milliseconds, or less if `cut` aborts before. */
  sleep(ms: number, cut: AbortSignal): Promise<void>;
  /** Has `heed` called at every signal that asks to end, until it is disposed. */
  onStop(heed: (signal: StopSignal) => void): Disposable;
  /** Runs a command with the shell. Ends it when `cut` aborts. Never throws. */
  execute(order: Order, cut: AbortSignal): Promise<Outcome>;
  /** Takes keys one by one and unechoed, until it is disposed. */
  openScreen(listener: ScreenListener): Promise<Disposable>;
  /**
   * Ends the process after so many milliseconds, whatever it waits for, with these words and exit code
   * 3. Not if it is disposed before.
   */
  endAfter(ms: number, words: LastWords): Disposable;
  /** Gives up grants for good. */
  renounce(grants: readonly Grant[]): void;
  /** An environment variable, or undefined. */
  env(name: EnvName): string | undefined;
  /** Opens a database. Throws a DatabaseError. */
  openDatabase(place: DatabasePlace): Promise<Database>;
  /** What belongs to other programs. */
  outside(): Promise<Outside>;
  /** Starts a server. Throws an UnsupportedError if nobody can listen there. */
  listen(listening: Listening): Promise<Server>;
  /** The text of a file, or null if there is none, or no grant to look. Throws a FileError. */
  readFile(path: string): string | null;
  /** The absolute path of what is there, without links; null if there is nothing, or no grant to look. */
  realPath(path: string): string | null;
  /** Opens a file to be replaced. `mode`: its permissions, whatever the umask. Throws a FileError. */
  openFile(path: string, mode: number): WholeFile;
  /** Creates a folder and those above it, for this user alone. Throws a FileError. */
  makeFolder(path: string): void;
  /** Removes a file. False if there was none. Throws a FileError. */
  removeFile(path: string): boolean;
  /** The folder that relative paths are relative to. */
  directory(): string;
  /** The absolute program and the arguments that start ocmem again, without its own arguments. */
  ownCommand(): readonly string[];
  /** Size of the terminal, or null if there is none. */
  size(): Size | null;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

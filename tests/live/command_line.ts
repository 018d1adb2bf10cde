/** The real command line as a process: run to its end, or read while it runs. */

import { ROOT } from "../support.ts";
import { documented } from "./program.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What these tests read of `--json`. */
export interface Document {
  readonly level: string | null;
  readonly exit_code: number;
  readonly scan: { readonly processes: number };
  readonly instances: readonly {
    readonly id: string;
    readonly role: string;
    readonly level: string | null;
    readonly cwd: string | null;
    readonly footprint_bytes: number | null;
    readonly processes: readonly Row[];
  }[];
}

export interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly executable: string | null;
  readonly command_line: readonly string[] | null;
  readonly role: string;
  readonly matched_by: string;
  readonly depth: number;
  readonly level: string | null;
  readonly memory: {
    readonly footprint_bytes: number;
    readonly resident_bytes: number;
    readonly pss_bytes: number | null;
    readonly uss_bytes: number | null;
  } | null;
  readonly missing: string | null;
}

/** What these tests read of a line of NDJSON. What a kind of line has not is undefined. */
export interface Line {
  readonly type: string;
  readonly at: string;
  readonly event?: string;
  readonly message?: string;
  readonly instance?: string | null;
  readonly pid?: number | null;
  readonly started_at?: string | null;
  readonly role?: string | null;
  readonly cwd?: string | null;
  readonly level?: string | null;
  readonly previous_level?: string;
  readonly limit_bytes?: number | null;
  readonly footprint_bytes?: number | null;
  readonly peak_bytes?: number | null;
  readonly lifetime_ms?: number;
  readonly slope_bytes_per_minute?: number | null;
  readonly seconds_to_warning?: number | null;
  readonly seconds_to_critical?: number | null;
  readonly looks?: number;
  readonly instances?: number;
  readonly events?: number;
  readonly ended?: string | null;
  readonly stats?: TrackDocument["series"][number]["stats"];
}

/** What these tests read of `track --json`. */
export interface TrackDocument {
  readonly taken_at: string;
  readonly ended_at: string;
  readonly planned: number;
  readonly looks: number;
  readonly ended: string | null;
  readonly series: readonly {
    readonly pid: number;
    readonly role: string;
    readonly ended: string | null;
    readonly unread: number;
    readonly stats: Readonly<Record<string, number | null>> & { readonly count: number };
    readonly readings: readonly { readonly at: string; readonly footprint_bytes: number | null }[];
  }[];
}

/** Runs the command line to its end. */
export async function ocmem(...args: readonly string[]): Promise<Outcome> {
  const [program, ...words] = documented();
  return await finished(program, [...words, ...args]);
}

/** Runs the command line and reads its JSON. Throws if it says anything on standard error. */
export async function ocmemJson(...args: readonly string[]): Promise<Document> {
  const { stdout, stderr } = await ocmem(...args, "--json");
  if (stderr !== "") throw new Error(`ocmem ${args.join(" ")} --json says: ${stderr}`);
  return JSON.parse(stdout);
}

/** No options file of whoever runs the tests. */
const NO_OPTIONS = { XDG_CONFIG_HOME: "/nonexistent" } as const;

/** Runs any program in the project's folder to its end. `env` is added to the environment. */
export async function finished(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    env: { ...NO_OPTIONS, ...env },
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

export interface Starting {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The project's folder, if nothing else is said. */
  readonly cwd?: string;
}

/** Starts the command line. */
export function ocmemStarted(args: readonly string[], starting: Starting = {}): Running {
  const [program, ...words] = documented();
  return started(program, [...words, ...args], starting);
}

/** Starts any program. */
export function started(
  program: string,
  args: readonly string[],
  { env = {}, cwd = ROOT }: Starting = {},
): Running {
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  return new Running(new Deno.Command(program, {
    ...{ args: [...args], env: { ...NO_OPTIONS, ...env }, cwd },
    ...streams,
  }).spawn());
}

/** A program that runs: awaited by its lines or its end, and killed if a test ends before. */
export class Running implements AsyncDisposable {
  readonly pid: number;
  readonly #process: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #stdout = "";
  /** Where the line begins that is read next. */
  #next = 0;

  constructor(process: Deno.ChildProcess) {
    this.pid = process.pid;
    this.#process = process;
    this.#output = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(process.stderr).text();
  }

  /** The next line of its output that fits. Throws if the output ends before. */
  async line(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (let end = this.#end(); end >= 0; end = this.#end()) {
        const found = wanted.exec(this.#stdout.slice(this.#next, end));
        this.#next = end + 1;
        if (found) return found;
      }
      if (await this.#read()) continue;
      throw new Error(`There is no line like ${wanted} in ${this.#stdout}${await this.#errors}`);
    }
  }

  /** The next line of its NDJSON that fits. */
  async record(wanted: RegExp): Promise<Line> {
    return JSON.parse((await this.line(wanted)).input);
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** How it ended, with all that it wrote. Waits for that. */
  async outcome(): Promise<Outcome> {
    while (await this.#read());
    const { code } = await this.#process.status;
    return { code, stdout: this.#stdout, stderr: await this.#errors };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.outcome();
  }

  #end(): number {
    return this.#stdout.indexOf("\n", this.#next);
  }

  async #read(): Promise<boolean> {
    const { value, done } = await this.#output.read();
    this.#stdout += value ?? "";
    return !done;
  }
}

/** Lines of NDJSON. */
export function linesOf(stdout: string): Line[] {
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}

/** Every process in a document. */
export function rows(document: Document): Row[] {
  return document.instances.flatMap((instance) => instance.processes);
}

/** The one process of this pid. Throws if there is none, or more than one. */
export function rowOf(document: Document, pid: number): Row {
  const [row, ...more] = rows(document).filter((row) => row.pid === pid);
  if (row && more.length === 0) return row;
  throw new Error(`${pid} is counted ${row ? more.length + 1 : 0} times`);
}

/** Children of the tests: awaited by what they say or show, and ended however a test ends. */

/** How many times `until` looks, and how long it waits in between: 60 s on any machine. */
const TRIES = 6000;
const WAIT_MS = 10;

export interface Start {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A running child. Its standard input stays open until it is ended. */
export class Child {
  readonly pid: number;
  readonly #process: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #rest = "";
  #ended = false;

  constructor(process: Deno.ChildProcess) {
    this.pid = process.pid;
    this.#process = process;
    this.#output = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = process.stdin.getWriter();
  }

  /** The next line of its output that fits. Throws if the output ends before. */
  async line(wanted: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (let end = this.#rest.indexOf("\n"); end >= 0; end = this.#rest.indexOf("\n")) {
        const found = wanted.exec(this.#rest.slice(0, end));
        this.#rest = this.#rest.slice(end + 1);
        if (found) return found;
      }
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`The output of ${this.pid} ended before a line like ${wanted}`);
      this.#rest += value;
    }
  }

  /** Writes to its standard input. */
  async say(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Stops it where it is, so that its memory stays as it is. */
  freeze(): void {
    this.#process.kill("SIGSTOP");
  }

  /** Kills it, if it still runs, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#input.close().catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.#process.status;
    await this.#output.cancel();
  }
}

/** The children of one test, and descendants that may outlive them. */
export class Children implements AsyncDisposable {
  readonly #children: Child[] = [];
  readonly #descendants: number[] = [];

  /** Starts a program with nothing in its environment but PATH and what is given. */
  start(program: string, { args = [], env = {}, cwd }: Start = {}): Child {
    const command = new Deno.Command(program, {
      args: [...args],
      cwd,
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH") ?? "", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    });
    const child = new Child(command.spawn());
    this.#children.push(child);
    return child;
  }

  /** A descendant that ends when its standard input does: its end is awaited too. */
  expect(pid: number): void {
    this.#descendants.push(pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.reverse()) await child.end();
    for (const pid of this.#descendants) {
      await until(`the end of ${pid}`, () => (stateOf(pid) ?? "Z") === "Z");
    }
  }
}

/** Waits until a condition holds. Throws after so many tries that it never will. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** The state letter of a Linux process, or null if there is none. */
export function stateOf(pid: number): string | null {
  return /^State:\t(.)/m.exec(procText(pid, "status"))?.[1] ?? null;
}

/** The kernel's short name of a Linux process, or "". */
export function nameOf(pid: number): string {
  return procText(pid, "comm").replace(/\n$/, "");
}

/** The command line of a Linux process as the kernel has it, each argument with its NUL, or "". */
export function rawArguments(pid: number): string {
  return procText(pid, "cmdline");
}

/** A figure of /proc/PID/status or /proc/PID/smaps_rollup in bytes. */
export function figure(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name}:`));
  const found = /:\s+(\d+) kB$/.exec(line ?? "");
  if (!found) throw new Error(`There is no ${name} in ${text}`);
  return parseInt(found[1]!, 10) * 1024;
}

/** A file of a Linux process as text, or "" if it can't be read. */
export function procText(pid: number, file: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}

/** What makes a Linux process's footprint, by the text of its /proc/PID/status. */
export function footprintOf(pid: number): number {
  const status = procText(pid, "status");
  return figure(status, "RssAnon") + figure(status, "RssShmem") + figure(status, "VmSwap");
}

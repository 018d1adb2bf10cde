/** The small C programs of the bench: compiled into a folder, and what they are for. */

const SOURCES = `${import.meta.dirname}/`;

export type ProgramName = "measure" | "idle" | "scan" | "list";

/** Compiles a program into `folder` and returns its path. Throws if there is no C compiler. */
export function compile(name: ProgramName, folder: string): string {
  const target = `${folder}/${name}`;
  const args = ["-O2", "-std=gnu11", "-Wall", "-Wextra", `${SOURCES}${name}.c`, "-o", target];
  const { success, stderr } = new Deno.Command("cc", { args }).outputSync();
  if (!success) throw new Error(`Cannot compile ${name}.c: ${new TextDecoder().decode(stderr)}`);
  return target;
}

/** One run of a command. */
export interface Run {
  readonly ms: number;
  /** Peak of the resident size of the command, or of its largest child. */
  readonly peakBytes: number;
  readonly exitCode: number;
  /** CPU time of the command and its children, user and system. */
  readonly cpuMs: number;
}

/** Runs a command once, its output thrown away. `runner` is the compiled measure.c. */
export async function measure(runner: string, command: readonly string[]): Promise<Run> {
  const { success, stdout, stderr } = await new Deno.Command(runner, { args: [...command] })
    .output();
  if (!success) throw new Error(`Cannot run ${command[0]}: ${new TextDecoder().decode(stderr)}`);
  const [took, peakBytes, exitCode, cpu] = numbers(new TextDecoder().decode(stdout));
  return { ms: took! / 1e6, peakBytes: peakBytes!, exitCode: exitCode!, cpuMs: cpu! / 1e3 };
}

/** The highest resident size that a process which still runs has had. Linux. */
export function peakOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

/** The numbers on a line. */
export function numbers(line: string): number[] {
  return line.trim().split(" ").map(Number);
}

/** A program that answers each line with a line, and ends when its input does. */
export class Partner implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(program: string, args: readonly string[]) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Asks for a line and returns it. */
  async ask(): Promise<string> {
    await this.#input.write(new Uint8Array([0x0a]));
    return await this.line();
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { done, value } = await this.#output.read();
      if (done) throw new Error("A program of the bench ended too early");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Ends its input. */
  async end(): Promise<void> {
    await this.#input.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end().catch(() => {});
    await this.#output.cancel();
    await this.#child.status;
  }
}

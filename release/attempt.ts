/** Running the programs that a release is made with. */

/** Something that has to be told to whoever makes a release, in a sentence. */
export class ReleaseError extends Error {
  override name = "ReleaseError";

  /** Without an exit code of its own it is 69 of sysexits.h: something that is needed is not available. */
  constructor(message: string, readonly exitCode = 69) {
    super(message);
  }
}

/** How a program ended, and what it said. */
export interface Attempt {
  readonly success: boolean;
  /** What it wrote to standard error, without colours. */
  readonly complaint: string;
}

/**
 * Variables of whoever makes a release that would go into an executable: V8's flags (DENO_V8_FLAGS),
 * whether Deno exports what it does (OTEL_DENO), certificates (DENO_CERT), unstable features, and what
 * else Deno may think of. For a certificate of one's own there is NODE_EXTRA_CA_CERTS, which does not.
 */
const BAKED = /^(?:DENO_|OTEL_)/;
/** Of those, where Deno keeps what it has downloaded. */
const PLACES = ["DENO_DIR"];

/** Runs a program to its end, in the working directory or another one. */
export async function attempt(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<Attempt> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: { ...harmlessVariables(), NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { success, complaint: new TextDecoder().decode(stderr).trim() };
}

function harmlessVariables(): Record<string, string> {
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(all.filter(([name, value]) =>
    // Some programs take an empty one for set.
    value !== "" && (PLACES.includes(name) || !BAKED.test(name))
  ));
}

/** Runs a program that has to succeed. Throws a ReleaseError that begins with `Cannot ${what}`. */
export async function succeed(
  what: string,
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<void> {
  const { success, complaint } = await attempt(program, args, cwd);
  if (!success) throw new ReleaseError(`Cannot ${what}: ${complaint}`);
}

/** sysexits.h: a file that should be made can't be. */
const EXIT_CANNOT_CREATE = 73;

/** Makes a folder and those above it, or leaves one that is there. Throws a ReleaseError. */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReleaseError(`Cannot create the folder ${path}: ${reason}`, EXIT_CANNOT_CREATE);
  }
}

/** Runs a tool. A ReleaseError is told as its sentence, and ends it with its exit code. */
export async function main(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    say(error.message, Deno.stderr);
    Deno.exitCode = error.exitCode;
  }
}

/** Prints a line. */
export function say(
  line: string,
  stream: typeof Deno.stdout | typeof Deno.stderr = Deno.stdout,
): void {
  stream.writeSync(new TextEncoder().encode(`${line}\n`));
}

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
 * Variables that say where things are and how to get there. Others would go into an executable: V8's flags
 * (DENO_V8_FLAGS), whether Deno exports what it does (OTEL_DENO).
 */
const KEPT = [
  ...["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "DENO_DIR", "DENORT_BIN", "NPM_CONFIG_REGISTRY"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "SSL_CERT_FILE", "SSL_CERT_DIR"],
];

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
    env: { ...keptVariables(), NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { success, complaint: new TextDecoder().decode(stderr).trim() };
}

function keptVariables(): Record<string, string> {
  const set = KEPT.filter((name) => Deno.env.get(name));
  return Object.fromEntries(set.map((name) => [name, Deno.env.get(name)!]));
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

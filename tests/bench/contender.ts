/** A command that runs against others, tried once before it is measured. */

export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Exit codes of a run that did its work: 0 alone if none are named. */
  readonly exitCodes?: readonly number[];
  /** The process whose memory counts, where that is not the command's own. */
  readonly memoryOf?: number;
}

/** A command that can't run here, and why. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

/** True if a run did its work. */
export function isDone({ exitCodes = [0] }: Contender, exitCode: number): boolean {
  return exitCodes.includes(exitCode);
}

/** The contender, or why it does not run here. */
export function tried(contender: Contender): Contender | Skipped {
  const { name, command: [program, ...args] } = contender;
  const skipped = (why: string) => ({ name, skipped: why });
  try {
    const { code, stdout, stderr } = new Deno.Command(program!, { args }).outputSync();
    const [complaint] = new TextDecoder().decode(stderr).trim().split("\n");
    // What may be a verdict may be a failure as well, but then there is only a complaint.
    const isVerdict = isDone(contender, code) && (stdout.length > 0 || !complaint);
    return code === 0 || isVerdict ? contender : skipped(`exit code ${code}: ${complaint}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return skipped(`no ${program}`);
    throw error;
  }
}

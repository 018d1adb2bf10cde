/** The command line of the bench. */

export const USAGE =
  "expected deno task bench [--rounds N] [--only race|soak|history|serve|size] [--before REVISION], N from 1 to 1000";

const DEFAULT_ROUNDS = 25;
const PARTS = ["race", "soak", "history", "serve", "size"] as const;

export interface Plan {
  readonly rounds: number;
  /** Of the parts of the bench, those to run. */
  readonly parts: readonly (typeof PARTS[number])[];
  /** A revision of the project to compare with, as git names it, or null. */
  readonly before: string | null;
}

/** What the arguments ask for, or null if they make no sense. */
export function planOf(args: readonly string[]): Plan | null {
  const words = args.flatMap((arg) => arg.split("=")).filter((word) => word !== "--");
  let plan: Plan = { rounds: DEFAULT_ROUNDS, parts: PARTS, before: null };
  for (let i = 0; i < words.length; i += 2) {
    const [flag, value = ""] = words.slice(i, i + 2);
    const rounds = Number(value);
    const part = PARTS.find((one) => one === value);
    if (flag === "--rounds" && Number.isInteger(rounds) && rounds >= 1 && rounds <= 1000) {
      plan = { ...plan, rounds };
    } else if (flag === "--only" && part) plan = { ...plan, parts: [part] };
    else if (flag === "--before" && /^[\w.~^/-]+$/.test(value)) plan = { ...plan, before: value };
    else return null;
  }
  return plan;
}

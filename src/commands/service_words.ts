/** What a unit runs: the command line behind `--`, or the kind's default. */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import type { Job } from "../service/job.ts";
import { quote } from "./flags.ts";

/** What runs ocmem. */
interface Kind {
  /** What it may run. */
  readonly commands: readonly Job["kind"][];
  /** What it runs if nothing else is said. */
  readonly words: readonly string[];
  /** How often it starts a check if nothing else is said. */
  readonly everyMs: number;
  /** How else it is installed, if --install can't. */
  readonly byHand: string | null;
}

const MANAGED: Kind = {
  commands: ["watch", "serve", "check"],
  words: ["watch", "--format", "log", "--notify"],
  everyMs: 60_000,
  byHand: null,
};

/** Every kind. */
export const KINDS = {
  launchd: MANAGED,
  systemd: MANAGED,
  cron: {
    commands: ["check"],
    words: ["check", "--quiet"],
    everyMs: 300_000,
    byHand: "what ocmem service cron prints goes into crontab -e by hand",
  },
  swiftbar: {
    commands: ["check"],
    words: ["check"],
    everyMs: 30_000,
    byHand: "what ocmem service swiftbar prints goes into SwiftBar's plugin folder by hand",
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

/** The kind that a word names. Throws a UsageError. */
export function kindOf(text: string): KindName {
  if (Object.hasOwn(KINDS, text)) return text as KindName;
  const names = Object.keys(KINDS).join(", ");
  throw new UsageError(`Cannot write a unit for "${quote(text)}": expected one of ${names}`);
}

/**
 * The command line to run, with what `kind` and `interval` add to it. Throws a UsageError if the kind
 * does not run such a command; whether ocmem understands it is not looked at here.
 */
export function wordsOf(
  kind: KindName,
  words: readonly string[],
  interval: number | undefined,
): readonly string[] {
  const { commands, words: standard }: Kind = KINDS[kind];
  const wanted = words.length > 0 ? words : standard;
  const [command = ""] = wanted;
  if (!commands.some((one) => one === command)) {
    throw new UsageError(
      `Cannot have ${kind} run "${quote(command)}": expected ${either(commands)} behind --`,
    );
  }
  if (kind === "swiftbar") return [...wanted, ...swiftbarFormat(wanted)];
  if (command === "check" || interval === undefined) return wanted;
  return [...wanted, "--interval", writeDuration(interval)];
}

/** `a`, `a or b`, `a, b or c`. */
function either(words: readonly string[]): string {
  const [last = "", ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.reverse().join(", ")} or ${last}`;
}

/** What is to be added to have the format that SwiftBar reads. */
function swiftbarFormat(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => /^--(?:format|json)(?:=|$)/.test(word));
  if (at < 0) return ["--format", "swiftbar"];
  if (/^--format[ =]swiftbar(?: |$)/.test(words.slice(at, at + 2).join(" "))) return [];
  throw new UsageError(
    `Cannot use ${quote(words[at]!)} behind -- with swiftbar: it reads --format swiftbar alone`,
  );
}

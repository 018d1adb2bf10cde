/** Words that mean something to a shell, systemd, cron, XML or a menu. */

import fc from "fast-check";

const SPECIAL = [
  ...["'", '"', "\\", "%", "$", "&", "<", ">", ";", "|", "#", "!", "*", "?", "~", "`", "="],
  ...["(", ")", "{", "}", "[", "]", " ", "-", ":", "@", ",", ".", "^", "+", "/"],
  ...["$HOME", "${HOME}", "$$", "%h", "%%", "\\%", "\\\\", "\\'", "]]>", "-->", "&amp;", "\\n"],
  ...["é", "\u00a0", "\u2028", "\u{1f600}", "\u202e", "e\u0301", "a", "ab", "0"],
] as const;

/** A word without control characters. */
export const hostileWord: fc.Arbitrary<string> = fc.array(fc.constantFrom(...SPECIAL), {
  maxLength: 8,
}).map((parts) => parts.join(""));

/** A name of a file. */
export const hostileName: fc.Arbitrary<string> = hostileWord.map((word) =>
  word.replaceAll("/", "") || "-"
).filter((name) => !/^\.{1,2}$/.test(name));

/** Words that each broke something once, somewhere. */
export const HOSTILE: readonly string[] = [
  ...["", " ", "a b", "it's", 'say "no"', "\\", "a\\", "\\\\", "\\%", "%\\", "\\\\%", "100%"],
  ...["%h", "%%", "$HOME", "${HOME}", "$$HOME", "`id`", "$(id)", ";", "a;b", "&", "a&b", "<b>"],
  ...["&lt;", "]]>", "-->", "#", "a #b", "*", "~", "!", "|", "a|b", "=", "A=b", "-n", "--"],
  ...["é", "日本", "\u{1f600}", "\u2028", "\u202e", " a ", "'", "''", '"', "'\\''", "\\n"],
];

/** Samples that are the same at every run. */
export function samples<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: 20260102 });
}

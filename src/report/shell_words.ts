/** Arguments as one cell of CSV. */

import { quotedWord, shellWord } from "../shell_word.ts";

/** What is no formula to a spreadsheet. */
const NO_FORMULA = /^[\w%:,./]/;

/**
 * Arguments as words of a POSIX shell: one cell that can be told apart into arguments again, by a
 * shell or by Python's `shlex.split`. The first one is quoted where it would make the cell a formula
 * too (`-bash`), so that the cell stays as it is written here.
 */
export function shellWords(argv: readonly string[]): string {
  return argv.map((argument, i) =>
    i === 0 && !NO_FORMULA.test(argument) ? quotedWord(argument) : shellWord(argument)
  ).join(" ");
}

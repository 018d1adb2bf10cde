/** Words for a POSIX shell. */

/** Words that mean themselves to every shell: nothing to expand, no pattern, no home, no keyword's sign. */
export const PLAIN_WORD = /^[\w/.,:@+-][\w/.,:@=+-]*$/;

/** A word that a shell reads as this text, in quotes only where it needs them. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : quotedWord(text);
}

/** The same in quotes: within single ones every character but these is itself (XCU 2.2.2). */
export function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

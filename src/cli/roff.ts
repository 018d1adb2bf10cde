/** Text and a few requests of man(7), in the part that groff and mandoc share. */

/** Characters that roff changes or takes for its own: groff_char(7), mandoc_char(7). */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  '"': "\\(dq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** The text as roff shows it, on one line. No line begins with what would make it a request. */
export function plain(text: string): string {
  const escaped = text.replaceAll("\n", " ").replace(
    /[\\'"`^~-]|[^\x20-\x7e]/gu,
    (character) => ESCAPES[character] ?? `\\[u${hex(character)}]`,
  );
  return /^[. ]/.test(escaped) ? `\\&${escaped}` : escaped;
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
}

export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** A section of the page. */
export function section(title: string, lines: readonly string[]): string[] {
  return [`.SH "${plain(title)}"`, ...lines];
}

/** A section of a section. */
export function subsection(title: string, lines: readonly string[]): string[] {
  return [`.SS "${plain(title)}"`, ...lines];
}

/** A paragraph of lines that are roff already. */
export function paragraph(...lines: readonly string[]): string[] {
  return [".PP", ...lines];
}

/** A term, roff already, and what it means. */
export function item(term: string, text: string): string[] {
  return [".TP", term, plain(text)];
}

/** Lines as they stand, indented. */
export function verbatim(lines: readonly string[]): string[] {
  return [".PP", ".RS 4", ".nf", ...lines.map(plain), ".fi", ".RE"];
}

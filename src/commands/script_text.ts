/** Scripts of other languages as they stand. */

/** The text as it is written, backslashes and all, but that `\${` and `` \` `` are without theirs. */
export function script({ raw }: TemplateStringsArray): string {
  return raw.join("").replace(/\\(?=`|\$\{)/g, "");
}

/** The notes of a release: its section of the changelog. */

import { ReleaseError } from "./attempt.ts";

/** EX_DATAERR of sysexits.h. */
const EXIT_DATA = 65;

/** What stands under `## NAME` or `## NAME - DATE`, of the first name that is there. Throws a ReleaseError. */
export function notesOf(changelog: string, names: readonly string[]): string {
  const sections = new Map<string, string>();
  for (const section of changelog.split(/^## /m).slice(1)) {
    const [, name = "", text = ""] = /^(\S*).*\n?([^]*)$/.exec(section)!;
    if (!sections.has(name)) sections.set(name, text.trim());
  }
  const name = names.find((one) => sections.has(one));
  const wanted = names.map((one) => `"## ${one}"`).join(" or ");
  if (name === undefined) {
    const problem = `Cannot take notes from the changelog: it has no section ${wanted}`;
    const help = `Before a release, "## Unreleased" becomes "## ${names[0]}"`;
    throw new ReleaseError(`${problem}. ${help}`, EXIT_DATA);
  }
  const text = sections.get(name)!;
  if (text === "") {
    throw new ReleaseError(
      `Cannot take notes from the changelog: "## ${name}" is empty`,
      EXIT_DATA,
    );
  }
  // A release's page breaks lines where the text does: paragraphs and items become one line each.
  return text.replace(/(?<=\S)\n +(?![-*] )(?=\S)/g, " ") + "\n";
}

/** Projects as labels of metrics. Each value of a label is a series that is kept for weeks: few, and short. */

import type { ReportInstance } from "./report.ts";
import { shortDirectory } from "./words.ts";

/** How many projects are told apart: those with the largest footprint. */
export const MOST_PROJECTS = 50;
/** All other projects. No directory: those begin with `/`, or `~`. */
export const OTHER_PROJECTS = "(others)";
/** Characters of a label. Longer directories keep their beginning and their end. */
export const LONGEST_LABEL = 128;
const BEGINNING = 63;

/**
 * The label of each instance: its directory, `""` if that is not known. Two directories that are the
 * same once they are cut are one project: whoever groups by the label adds them up.
 */
export function projectLabels(
  instances: readonly ReportInstance[],
  home: string | null,
): string[] {
  const labels = instances.map(({ directory }) =>
    directory === null ? "" : cut(shortDirectory(directory, home))
  );
  const sizes = new Map<string, number>();
  labels.forEach((label, i) => {
    sizes.set(label, (sizes.get(label) ?? 0) + (instances[i]!.footprintBytes ?? 0));
  });
  const shown = new Set(largest(sizes));
  return labels.map((label) => label === "" || shown.has(label) ? label : OTHER_PROJECTS);
}

/** Of equals those that come first in the alphabet, so that they do not take turns. */
function largest(sizes: ReadonlyMap<string, number>): string[] {
  return [...sizes].filter(([label]) => label !== "")
    .sort(([a, sizeOfA], [b, sizeOfB]) => sizeOfB - sizeOfA || (a < b ? -1 : 1))
    .slice(0, MOST_PROJECTS)
    .map(([label]) => label);
}

/** Whole characters: half of a surrogate pair would be no UTF-8. */
function cut(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= LONGEST_LABEL) return text;
  const end = characters.slice(-(LONGEST_LABEL - BEGINNING - 1));
  return `${characters.slice(0, BEGINNING).join("")}…${end.join("")}`;
}

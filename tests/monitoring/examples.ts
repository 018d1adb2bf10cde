/** The example configurations, with the addresses and the pace of a test in the place of their own. */

import { ROOT } from "../support.ts";

/** An example's text with each of these exchanged. Throws if it has one of them not exactly once. */
export function example(name: string, exchanged: Readonly<Record<string, string>>): string {
  let text = Deno.readTextFileSync(`${ROOT}monitoring/${name}`);
  for (const [from, to] of Object.entries(exchanged)) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${name} has ${parts.length - 1} times ${from}`);
    text = parts.join(to);
  }
  return text;
}

/** The rules, but they fire at once. */
export function impatientRules(): string {
  return example("alerts.yml", {}).replace(/\bfor: \d+[mh]\b/g, "for: 0s");
}

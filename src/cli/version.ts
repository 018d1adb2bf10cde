/** Which ocmem this is, and what it runs on, as JSON. */

import { SCHEMA_VERSION } from "../report/json.ts";
import type { World } from "../world.ts";

/** Digits of a commit that people are shown. */
const SHORT_COMMIT = 7;

/** `0.1.0`, or of an executable `0.1.0 (1a2b3c4)`, and a line break. */
export function versionAsText({ version, commit }: World): string {
  if (commit === null) return `${version}\n`;
  const [hash = "", ...marks] = commit.split("-");
  return `${version} (${[hash.slice(0, SHORT_COMMIT), ...marks].join("-")})\n`;
}

/** One JSON document and a line break. */
export function versionAsJson({ version, commit, runtime }: World): string {
  const { deno, v8, typescript, os, arch, isStandalone } = runtime;
  const document = {
    schema_version: SCHEMA_VERSION,
    type: "version",
    tool: { name: "ocmem", version },
    commit,
    runtime: { deno, v8, typescript, standalone: isStandalone },
    host: { os, arch },
  };
  return JSON.stringify(document, null, 2) + "\n";
}

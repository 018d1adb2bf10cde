/** Which ocmem this is, and what it runs on, as JSON. */

import { SCHEMA_VERSION } from "../report/json.ts";
import type { World } from "../world.ts";

/** One JSON document and a line break. */
export function versionAsJson({ version, runtime }: World): string {
  const { deno, v8, typescript, os, arch, isStandalone } = runtime;
  const document = {
    schema_version: SCHEMA_VERSION,
    type: "version",
    tool: { name: "ocmem", version },
    runtime: { deno, v8, typescript, standalone: isStandalone },
    host: { os, arch },
  };
  return JSON.stringify(document, null, 2) + "\n";
}

/** What runs around the sessions of a look, put into its Report. */

import { explain, type Explained } from "../children/explain.ts";
import type { Looked } from "../look.ts";
import type { Report } from "../report/report.ts";
import { withChildren } from "../report/with_children.ts";
import type { ServersFound } from "./find_servers.ts";

/** The Report with it. `servers`: what OpenCode's configuration says of MCP servers; null: not read. */
export function explainAll(
  report: Report,
  found: readonly Looked[],
  servers: ServersFound | null,
  options: { readonly showSecrets: boolean },
): Report {
  const explained = new Map<string, Explained>(
    found.map(({ instance, samples }) => [
      instance.id,
      explain(instance, samples, servers?.of(instance.id) ?? []),
    ]),
  );
  return withChildren(report, explained, servers?.notes ?? [], options);
}

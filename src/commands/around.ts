/** What a Report gets that is looked up outside of processes: sessions, and what runs around them. */

import type { Look } from "../look.ts";
import type { Report } from "../report/report.ts";
import { withSessions } from "../report/with_sessions.ts";
import type { Probe } from "../types.ts";
import type { World } from "../world.ts";
import { explainAll } from "./explain_children.ts";
import { findServers } from "./find_servers.ts";
import { findSessions } from "./find_sessions.ts";

interface Options {
  readonly showSecrets: boolean;
  /** The id of the one instance that is asked about. */
  readonly only?: string;
}

/** The Report with the sessions of its instances, and with what runs around them. */
export async function withSessionsOf(
  seen: Look,
  report: Report,
  world: World,
  probe: Probe,
  { showSecrets, only }: Options,
): Promise<Report> {
  const found = await findSessions(world, seen.found, probe, only);
  const asked = seen.found.filter(({ instance: { id } }) => only === undefined || only === id);
  const servers = await findServers(world, asked, found);
  const whole = withSessions(report, found.held, found.notes);
  return explainAll(whole, asked, servers, { showSecrets });
}

/** The Report with what runs around sessions, as far as processes alone tell. */
export function withChildrenOf(seen: Look, report: Report, { showSecrets }: Options): Report {
  return explainAll(report, seen.found, null, { showSecrets });
}

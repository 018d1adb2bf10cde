/** `--session ID` of `track`: which instances hold a session, at the moment when it is asked. */

import { hasEnded } from "../classify.ts";
import { UnsupportedError } from "../errors.ts";
import { look } from "../look.ts";
import type { RememberingProbe } from "../remember.ts";
import { visible } from "../report/harmless.ts";
import { resumeSession } from "../report/resume.ts";
import type { TrackedSession } from "../report/track.ts";
import { safeTitle } from "../report/with_sessions.ts";
import { holdersOf, lineOf } from "../sessions/holders.ts";
import type { World } from "../world.ts";
import type { FileOnly } from "./flags.ts";
import { type Gathered, gatherSessions } from "./find_sessions.ts";

/** Finds them. Throws an UnsupportedError that says what is known of the session if there are none. */
export async function trackedSession(
  id: string,
  names: FileOnly["names"],
  world: World,
  probe: RememberingProbe,
): Promise<TrackedSession> {
  const seen = look(probe, { match: null, pids: [], names }, world, { exact: false });
  const alive = seen.found.filter(({ samples }) => samples.some((sample) => !hasEnded(sample)));
  const gathered = await gatherSessions(world, alive, probe, { session: id });
  const { holders, findings } = gathered;
  const found = holdersOf(id, holders, findings);
  if (found === null) throw new UnsupportedError(sayAbsent(id, gathered));
  const served = [...findings.served.values()].flatMap(({ sessions }) => sessions);
  const { title = null } = [...findings.sessions, ...served].find((one) => one.id === id) ?? {};
  return { id, title: safeTitle(title), certainty: found.certainty, instances: found.ids };
}

/** Why nothing is tracked: whether the session is known, where it is, and how to go on with it. */
function sayAbsent(id: string, { findings: { sessions, isWhole }, notes }: Gathered): string {
  const line = lineOf(id, sessions);
  const [session] = line;
  if (session === undefined) {
    const stored = isWhole
      ? "OpenCode's database has none of this id"
      : "OpenCode's database does not tell of it";
    const help = "ocmem list shows sessions that are held";
    return `Cannot follow session ${id}: nothing that runs is known to hold it, and ` +
      [stored, ...notes, help].join(". ");
  }
  const top = line.at(-1)!;
  const title = safeTitle(session.title);
  const what = [
    title === null ? "It is one" : `It is "${title}"`,
    top === session ? "" : `, a subagent's of ${visible(top.id)},`,
    ` in ${visible(session.directory)}`,
  ].join("");
  const resume = resumeSession(top.id, top.directory);
  return `Cannot follow session ${id}: nothing that runs is known to hold it. ${what}` +
    (resume === null ? "" : `. To go on with it: ${resume}`);
}

/** `ocmem orphans`: which of OpenCode's instances may have been left behind, and why one would think so. */

import { hasEnded } from "../classify.ts";
import { look, type Looked } from "../look.ts";
import { judgeOrphan, type OrphanFacts } from "../orphan.ts";
import { RememberingProbe } from "../remember.ts";
import { buildOrphans, isFailing, type OrphansReport, type Suspect } from "../report/orphans.ts";
import { orphanFacts } from "../standing.ts";
import type { Probe } from "../types.ts";
import type { World } from "../world.ts";
import type { OrphansFlags } from "./flags.ts";
import type { OpenSessions } from "./open_sessions.ts";
import { formatOf } from "./format.ts";
import { styleOf } from "./style.ts";

/** Runs the command and returns its exit code: with --fail 1 if one is an orphan or likely one, else 0. */
export async function orphans(flags: OrphansFlags, world: World): Promise<number> {
  const format = formatOf(flags, "json", "text");
  const report = await search(flags, world);
  const exitCode = flags.fail && isFailing(report) ? 1 : 0;
  if (format === "json") {
    const { orphansAsJson } = await import("../report/orphans_json.ts");
    world.stdout.write(orphansAsJson(report, exitCode));
  } else {
    const { orphansAsText } = await import("../report/orphans_text.ts");
    world.stdout.write(orphansAsText(report, styleOf(world, flags)));
  }
  return exitCode;
}

/** Looks once, and asks how each instance stands: nothing else of the machine is asked for more. */
async function search(flags: OrphansFlags, world: World): Promise<OrphansReport> {
  const begin = world.elapsedMs();
  using probe = new RememberingProbe(world.openProbe(), world);
  const memoryBytes = probe.memoryBytes();
  const selection = { match: null, pids: [], names: flags.names };
  const seen = look(probe, selection, world, { exact: false });
  const takenAtMs = world.nowMs();
  const all = seen.found.map(({ instance }) => instance);
  const alive = seen.found.filter(({ samples }) => samples.some((sample) => !hasEnded(sample)));
  const doubtful = alive.map((looked): Doubtful => ({
    looked,
    facts: orphanFacts(looked.instance, all, probe, takenAtMs),
  })).filter(({ facts }) => judgeOrphan(facts).conclusion !== null);
  const refused = seen.found.flatMap(({ samples }) => samples)
    .filter((sample) => "missing" in sample && !hasEnded(sample));
  const frame = {
    toolVersion: world.version,
    takenAtMs,
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    scan: {
      processes: seen.scanned,
      durationMs: Math.round(world.elapsedMs() - begin),
      unreadable: seen.unreadable + refused.length,
    },
    instances: alive.length,
  };
  const { sessions, notes } = await sessionsOf(
    doubtful,
    seen.found,
    takenAtMs,
    flags,
    world,
    probe,
  );
  const suspects = doubtful.flatMap(({ looked, facts }): Suspect[] => {
    const { held = sessions && [], isOpen = null } = sessions?.get(looked.instance.id) ?? {};
    const { conclusion, evidence } = judgeOrphan({ ...facts, hasOpenSession: isOpen });
    return conclusion === null ? [] : [{ looked, conclusion, evidence, sessions: held }];
  });
  const options = { showSecrets: flags["show-secrets"] ?? false };
  return buildOrphans({ ...frame, notes }, suspects, options);
}

/** An instance of which something is concluded without its sessions. */
interface Doubtful {
  readonly looked: Looked;
  readonly facts: OrphanFacts;
}

/** The sessions of those that may be orphans, and no others: mostly there are none to look up. */
async function sessionsOf(
  doubtful: readonly Doubtful[],
  found: readonly Looked[],
  nowMs: number,
  { sessions = true }: OrphansFlags,
  world: World,
  probe: Probe,
): Promise<OpenSessions> {
  if (!sessions) return { sessions: null, notes: [] };
  if (doubtful.length === 0) return { sessions: new Map(), notes: [] };
  const { openSessions } = await import("./open_sessions.ts");
  const ids = new Set(doubtful.map(({ looked }) => looked.instance.id));
  return await openSessions(world, found, probe, ids, nowMs);
}

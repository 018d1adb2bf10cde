/** `ocmem orphans`: which of OpenCode's instances may have been left behind, and why one would think so. */

import { hasEnded } from "../classify.ts";
import { look } from "../look.ts";
import { judgeOrphan } from "../orphan.ts";
import { RememberingProbe } from "../remember.ts";
import { buildOrphans, isFailing, type OrphansReport, type Suspect } from "../report/orphans.ts";
import { orphanFacts } from "../standing.ts";
import type { World } from "../world.ts";
import type { OrphansFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { styleOf } from "./style.ts";

/** Runs the command and returns its exit code: with --fail 1 if one is an orphan or likely one, else 0. */
export async function orphans(flags: OrphansFlags, world: World): Promise<number> {
  const format = formatOf(flags, "json", "text");
  const report = search(flags, world);
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
function search(flags: OrphansFlags, world: World): OrphansReport {
  const begin = world.elapsedMs();
  using probe = new RememberingProbe(world.openProbe(), world);
  const memoryBytes = probe.memoryBytes();
  const selection = { match: null, pids: [], names: flags.names };
  const seen = look(probe, selection, world, { exact: false });
  const takenAtMs = world.nowMs();
  const all = seen.found.map(({ instance }) => instance);
  const alive = seen.found.filter(({ samples }) => samples.some((sample) => !hasEnded(sample)));
  const suspects = alive.flatMap((looked): Suspect[] => {
    const facts = orphanFacts(looked.instance, all, probe, takenAtMs);
    const { conclusion, evidence } = judgeOrphan(facts);
    return conclusion === null ? [] : [{ looked, conclusion, evidence }];
  });
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
  return buildOrphans(frame, suspects, { showSecrets: flags["show-secrets"] ?? false });
}

/** A look for who follows: what a page adds to the history that it has. */

import { hasEnded } from "../classify.ts";
import { totalOf } from "../follow/series.ts";
import { seriesKey } from "../history/series.ts";
import type { Look, Looked } from "../look.ts";
import { redact, visible } from "../report/harmless.ts";
import { isoTime, type JsonObject } from "../report/json.ts";
import type { Level, Machine, Member, Sample } from "../types.ts";

/** What a look is told with. */
export interface Telling {
  readonly atMs: number;
  readonly level: Level;
  readonly intervalMs: number;
  /** Whether nothing was read before it for a while. */
  readonly isGap: boolean;
  readonly machine: Machine;
  readonly showsCommandLines: boolean;
  readonly showSecrets: boolean;
}

/** The look as one object, without what happened. Every text in it is harmless. */
export function jsonLook({ found }: Look, telling: Telling): JsonObject {
  const { atMs, level, intervalMs, isGap } = telling;
  return {
    at: Math.round(atMs),
    level,
    interval_ms: intervalMs,
    is_gap: isGap,
    instances: found.flatMap((looked) => jsonInstance(looked, telling) ?? []),
  };
}

/** null: all of it has ended. */
function jsonInstance(looked: Looked, telling: Telling): JsonObject | null {
  const { instance: { id, main, directory, members }, samples } = looked;
  const total = totalOf(looked);
  if (total === null) return null;
  const { key, ppid: _, ...common } = jsonCommon(main, telling);
  return {
    ...{ key, id, host: visible(telling.machine.name), ...common },
    cwd: directory === null ? null : visible(directory),
    bytes: total.footprintBytes,
    processes: members.flatMap((member, i) => jsonProcess(member, samples[i]!, telling) ?? []),
  };
}

/** null: it has ended. */
function jsonProcess(member: Member, sample: Sample, telling: Telling): JsonObject | null {
  if (hasEnded(sample)) return null;
  const { commandLine } = member;
  const shown = commandLine === null || telling.showSecrets ? commandLine : redact(commandLine);
  return {
    ...jsonCommon(member, telling),
    command_line: telling.showsCommandLines ? shown?.map(visible) ?? null : null,
    bytes: "reading" in sample ? sample.reading.footprintBytes : null,
  };
}

function jsonCommon({ info, role }: Member, { machine }: Telling) {
  const { key, ppid, name, startedAtMs } = info;
  return {
    key: visible(seriesKey(key, machine)),
    ...{ pid: key.pid, ppid, role, name: visible(name) },
    started_at: isoTime(startedAtMs),
  };
}

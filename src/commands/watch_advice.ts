/** What to do about it, where an event tells that something is over a limit. */

import type { Advice } from "../detail.ts";
import type { Look } from "../look.ts";
import { adviceFor } from "../report/advice.ts";
import type { EventRecord } from "../report/event.ts";
import type { WatchPlan } from "../report/watch_lines.ts";
import { reportOf } from "./judging.ts";

/** The most useful advice on what an event of this look is about; null if it gets no worse by that. */
export function adviceOn(
  { atMs, kind, subject, standing, detail }: EventRecord,
  seen: Look,
  plan: WatchPlan,
  options: { readonly showSecrets: boolean },
): Advice | null {
  const level = standing?.level;
  const isWorse = level === "critical" ||
    (level === "warning" && detail.kind === "level" && detail.from !== "critical");
  if (kind !== "level" || subject === null || !isWorse) return null;
  const found = seen.found.filter(({ instance }) => instance.id === subject.instanceId);
  const { toolVersion, host, thresholds } = plan;
  const frame = { toolVersion, takenAtMs: atMs, host, thresholds, durationMs: 0 };
  const [instance] = reportOf({ ...seen, found }, frame, "normal", options).instances;
  if (instance === undefined) return null;
  const process = instance.processes.find(({ pid }) => pid === subject.key.pid);
  if (subject.kind === "instance" || !process?.because) return first(adviceFor(instance));
  // Others of the instance may be larger: this is about one of them.
  const because = { kind: "process", pid: process.pid, because: process.because } as const;
  return first(adviceFor({ ...instance, level: process.level, because }));
}

function first(advice: readonly Advice[] | null): Advice | null {
  return advice?.[0] ?? null;
}

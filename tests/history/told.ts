/** Events of watching, to be written into a history. */

import { subjectOf, type WatchEvent } from "../../src/follow/event.ts";
import type { Looked } from "../../src/look.ts";
import type { Level } from "../../src/types.ts";
import { BEGIN_MS } from "./recording.ts";

/** An instance, or its process with this pid, comes from one level to another. */
export function levelEvent(
  afterMs: number,
  { instance }: Looked,
  [from, level]: readonly [Level, Level],
  pid: number | null = null,
): WatchEvent {
  const member = instance.members.find(({ info }) => info.key.pid === pid) ?? instance.main;
  const kind = pid === null ? "instance" : "process";
  const subject = subjectOf(kind, member, instance.id, instance.directory);
  return {
    ...{ atMs: BEGIN_MS + afterMs, kind: "level", from, level, limitBytes: 1, footprintBytes: 5 },
    subject,
  };
}

/** An instance has ended, or one of its processes. */
export function goneEvent(afterMs: number, looked: Looked, pid: number | null = null): WatchEvent {
  const { atMs, subject } = levelEvent(afterMs, looked, ["normal", "normal"], pid) as
    & WatchEvent
    & { kind: "level" };
  const gone = { kind: "gone", peakBytes: 5, lifetimeMs: 60_000 } as const;
  return { atMs, subject, footprintBytes: null, level: "normal", ...gone };
}

/** An instance runs the same command many times. */
export function duplicatesEvent(afterMs: number, looked: Looked): WatchEvent {
  const { atMs, subject } = goneEvent(afterMs, looked) as WatchEvent & { kind: "gone" };
  const standing = { footprintBytes: 5, level: "normal" } as const;
  return { atMs, subject, ...standing, kind: "duplicates", command: ["mcp"], count: 9 };
}

export function gapEvent(afterMs: number): WatchEvent {
  return { atMs: BEGIN_MS + afterMs, kind: "gap", gap: { kind: "slept", ms: 60_000 } };
}

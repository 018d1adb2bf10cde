/** Events of watching, made harmless: what log lines, NDJSON, notifications and hooks are made from. */

import type { EventKind, Happening, Standing, Subject, WatchEvent } from "../follow/event.ts";
import type { Gap } from "../schedule.ts";
import type { Thresholds } from "../types.ts";
import { redact, visible } from "./harmless.ts";
import { sayEvent } from "./say_event.ts";

/** An event as it may be shown: every text in it is harmless. */
export interface EventRecord {
  readonly atMs: number;
  readonly kind: EventKind;
  /** The event in words, with the user's home as `~`. */
  readonly message: string;
  /** null: the event is about no process. */
  readonly subject: Subject | null;
  readonly standing: Standing | null;
  readonly detail: Happening | { readonly kind: "gap"; readonly gap: Gap };
}

export interface Wording {
  readonly thresholds: Thresholds;
  readonly home: string | null;
  readonly showSecrets: boolean;
}

/** Makes an event harmless, and says it. */
export function eventRecord(event: WatchEvent, wording: Wording): EventRecord {
  const record = harmless(event, wording);
  return { ...record, message: sayEvent(record, wording) };
}

function harmless(event: WatchEvent, { showSecrets }: Wording): Omit<EventRecord, "message"> {
  const { atMs, kind } = event;
  if (kind === "gap") {
    return { atMs, kind, subject: null, standing: null, detail: { kind, gap: event.gap } };
  }
  const { subject, footprintBytes, level, atMs: _, ...detail } = event;
  return {
    atMs,
    kind,
    subject: {
      ...subject,
      name: visible(subject.name),
      directory: subject.directory === null ? null : visible(subject.directory),
    },
    standing: { footprintBytes, level },
    detail: detail.kind === "duplicates"
      ? { ...detail, command: (showSecrets ? detail.command : redact(detail.command)).map(visible) }
      : detail,
  };
}

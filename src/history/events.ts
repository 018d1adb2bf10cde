/** Events of a history. */

import { visible } from "../report/harmless.ts";
import type { HistoryEvent } from "../report/history.ts";
import type { JsonObject } from "../report/json.ts";
import { nameOfSubject } from "./courses.ts";
import type { SeriesRow } from "./series.ts";
import type { EventRow, RunRow } from "./source.ts";

/** An event, and whom it is about. */
export interface ToldEvent {
  readonly event: HistoryEvent;
  readonly series: SeriesRow | null;
}

/** Two commands that watch tell of the same thing within so long. */
const SAME_MS = 90_000;

/** The events, each once, with every text in them harmless. What can't be read is left out. */
export function readEvents(rows: readonly EventRow[]): ToldEvent[] {
  /** When somebody told of something last, and who. */
  const last = new Map<string, { readonly atMs: number; readonly run: RunRow }>();
  return rows.flatMap((row): ToldEvent[] => {
    const json = parse(row.json);
    if (json === null) return [];
    const name = nameOfEvent(row, json);
    const before = last.get(name);
    const isSame = before && before.run !== row.run && row.atMs - before.atMs <= SAME_MS;
    if (isSame) return [];
    last.set(name, row);
    const { atMs, kind, level, series } = row;
    const message = typeof json.message === "string" ? json.message : "";
    const shown = { kind: visible(kind), level: level && visible(level) };
    const event = { atMs, ...shown, isAlert: isAlert(row, json), message, json };
    return [{ series, event }];
  });
}

/** Whether somebody had to be told of it. */
function isAlert({ kind, level }: EventRow, json: JsonObject): boolean {
  // From critical down to warning is a relief.
  if (kind === "level") {
    return level === "critical" || (level === "warning" && json.previous_level !== "critical");
  }
  return kind === "growth" || kind === "duplicates";
}

/** What two commands tell of has the same name. Of some there is no series: nothing of them was read. */
function nameOfEvent({ kind, level, series, run }: EventRow, json: JsonObject): string {
  const about = series === null
    ? [run.host, json.subject, json.instance, json.pid]
    : nameOfSubject(series);
  return JSON.stringify([kind, level, about]);
}

function parse(json: string): JsonObject | null {
  try {
    const value: unknown = harmless(JSON.parse(json));
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && "type" in value && value.type === "event";
}

/** Harmless already when it was written; a file may have been written by anybody. */
function harmless(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(harmless);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [visible(key), harmless(part)]),
  );
}

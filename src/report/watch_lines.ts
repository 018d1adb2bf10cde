/** Watching as lines: a log for people, and NDJSON. */

import type { Advice } from "../detail.ts";
import type { Look } from "../look.ts";
import type { Level, Machine, Os, Thresholds } from "../types.ts";
import { colourOf, paint } from "./colour.ts";
import type { EventRecord } from "./event.ts";
import { jsonEvent } from "./event_json.ts";
import { isoTime, jsonHead, jsonLine } from "./json.ts";
import { jsonRow } from "./track_json.ts";
import { rowsOf } from "./track.ts";
import { formatBytes, formatDuration } from "./units.ts";
import { writeDuration } from "../durations.ts";
import { count } from "./words.ts";

/** What is watched, and how. */
export interface WatchPlan {
  readonly toolVersion: string;
  readonly startedAtMs: number;
  readonly host: { readonly os: Os; readonly arch: string; readonly memoryBytes: number };
  /** Which of them. */
  readonly machine: Machine;
  readonly thresholds: Thresholds;
  readonly intervalMs: number;
}

/** What has come of it. */
export interface WatchSummary {
  readonly endedAtMs: number;
  readonly durationMs: number;
  readonly looks: number;
  readonly instances: number;
  readonly events: number;
  /** The highest total of all that was read in one look, or null. */
  readonly peakBytes: number | null;
}

/** A look with what it brought. */
export interface Watched {
  readonly atMs: number;
  readonly look: Look;
  readonly events: readonly EventRecord[];
  /** The level of a process, after hysteresis. */
  levelOf(pid: number): Level;
  /** What to do first about what an event tells of, or null. */
  adviceOn(event: EventRecord): Advice | null;
}

/** A format of watching that goes on line by line. */
export interface WatchLines {
  begin(plan: WatchPlan, first: Watched): string;
  look(watched: Watched): string;
  /** What is told after the last look. */
  tell(events: readonly EventRecord[]): string;
  /** Something went wrong that does not end watching. */
  trouble(atMs: number, message: string): string;
  end(summary: WatchSummary): string;
}

/** Width of the longest event's name. */
const NAME_WIDTH = 10;

/** A line an event. */
export function logLines(style: { readonly colour: boolean }): WatchLines {
  const line = (atMs: number, name: string, text: string, level: Level | null = null) => {
    const padded = name.padEnd(NAME_WIDTH);
    const shown = level === null ? padded : paint(padded, colourOf(level), style.colour);
    return `${isoTime(atMs).replace(/\.\d+Z$/, "Z")} ${shown} ${text}\n`;
  };
  const tell = (events: readonly EventRecord[]) =>
    events.map(({ atMs, kind, message, standing }) =>
      line(atMs, kind, message, kind === "level" ? standing!.level : null)
    ).join("");
  const advise = ({ atMs }: EventRecord, advice: Advice | null) =>
    advice === null ? "" : line(atMs, "advice", sayAdvice(advice));
  return {
    begin: ({ startedAtMs, intervalMs }, { look }) => {
      const found = look.found.length === 0
        ? "no OpenCode process is running yet"
        : count(look.found.length, "instance", "instances");
      return line(startedAtMs, "watching", `every ${writeDuration(intervalMs)}: ${found}`);
    },
    look: ({ events, adviceOn }) =>
      events.map((event) => tell([event]) + advise(event, adviceOn(event))).join(""),
    tell,
    trouble: (atMs, message) => line(atMs, "trouble", message),
    end: (summary) => line(summary.endedAtMs, "watched", saySummary(summary)),
  };
}

function sayAdvice({ text, command }: Advice): string {
  return command === null ? text : `${text}: ${command}`;
}

/** `10m, 11 looks: 2 instances, 5 events, peak 1.2 GiB`. */
export function saySummary(
  { durationMs, looks, instances, events, peakBytes }: WatchSummary,
): string {
  return `${formatDuration(durationMs)}, ${count(looks, "look", "looks")}: ` +
    `${count(instances, "instance", "instances")}, ${count(events, "event", "events")}` +
    (peakBytes === null ? "" : `, peak ${formatBytes(peakBytes)}`);
}

/** One object a line: what is watched, samples, events, the end. */
export function ndjsonLines(): WatchLines {
  const tell = (events: readonly EventRecord[]) =>
    events.map((event) => jsonLine(jsonEvent(event))).join("");
  return {
    begin: (plan) => jsonLine({ type: "watch", ...jsonHead(plan), interval_ms: plan.intervalMs }),
    // Who is found is told of before the first reading of it.
    look: ({ look, events, levelOf }) =>
      tell(events) +
      rowsOf(look).map((row) =>
        jsonLine({ type: "sample", ...jsonRow(row), level: levelOf(row.pid) })
      )
        .join(""),
    tell,
    trouble: (atMs, message) => jsonLine({ type: "trouble", at: isoTime(atMs), message }),
    end: (summary) =>
      jsonLine({
        type: "summary",
        at: isoTime(summary.endedAtMs),
        duration_ms: Math.round(summary.durationMs),
        looks: summary.looks,
        instances: summary.instances,
        events: summary.events,
        peak_bytes: summary.peakBytes,
      }),
  };
}

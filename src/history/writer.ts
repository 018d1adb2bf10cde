/** Writes looks into a history. */

import { hasEnded } from "../classify.ts";
import { nameOf, totalOf } from "../follow/series.ts";
import type { Subject } from "../follow/event.ts";
import type { Look, Looked } from "../look.ts";
import { eventRecord } from "../report/event.ts";
import { jsonEvent } from "../report/event_json.ts";
import { redact } from "../report/harmless.ts";
import type { WatchEvent } from "../follow/event.ts";
import type { Machine, Member, Os, ProcessKey, Thresholds } from "../types.ts";
import type { Database, Statement } from "../world.ts";

/** A command that records. */
export interface Run {
  readonly command: "watch" | "track" | "serve";
  readonly toolVersion: string;
  readonly host: { readonly os: Os; readonly arch: string; readonly memoryBytes: number };
  readonly machine: Machine;
  readonly startedAtMs: number;
  readonly intervalMs: number;
  readonly thresholds: Thresholds;
  readonly home: string | null;
}

/** A look with what it brought; without one, what happened after the last. */
export interface Taken {
  readonly atMs: number;
  readonly look: Look | null;
  readonly events: readonly WatchEvent[];
}

/** What is known of a series that was written already. */
interface Known {
  readonly id: number;
  readonly looks: string;
  peak: number;
}

/** Where a series belongs. */
interface Place {
  /** The id of its instance's series, or null: it is one. */
  readonly instance: number | null;
  readonly isAlone: boolean;
  readonly directory: string | null;
}

/** More names than these are not remembered: asking the database again costs microseconds. */
const MOST_KNOWN = 4096;

const SQL = {
  host: `INSERT INTO host (name, os, arch, memory) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET memory = excluded.memory RETURNING id`,
  run: `INSERT INTO run (host, version, command, started_at, interval, thresholds)
    VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
  text: `INSERT INTO text (value) VALUES (?)
    ON CONFLICT DO UPDATE SET value = value RETURNING id`,
  series: `INSERT INTO series (host, instance, alone, pid, started, boot, ppid, started_at, role,
      name, directory, command) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET ppid = excluded.ppid, role = excluded.role, name = excluded.name,
      directory = coalesce(excluded.directory, directory),
      command = coalesce(excluded.command, command) RETURNING id, peak`,
  instance: `SELECT max(id) FROM series
    WHERE pid = ? AND started = ? AND boot = ? AND host = ? AND instance IS NULL`,
  process: `SELECT max(p.id) FROM series p JOIN series i ON i.id = p.instance
    WHERE p.pid = ? AND p.started = ? AND p.boot = ? AND p.host = ?
      AND i.pid || '-' || i.started = ?`,
  peak: "UPDATE series SET peak = ?2, peak_at = ?3 WHERE id = ?1 AND (peak IS NULL OR peak < ?2)",
  look: "INSERT INTO look (run, at) VALUES (?, ?)",
  sample: "INSERT OR IGNORE INTO sample (look, series, footprint, resident) VALUES (?, ?, ?, ?)",
  event: "INSERT INTO event (run, series, at, kind, level, json) VALUES (?, ?, ?, ?, ?, ?)",
} as const;

/** Writes for one run into one open history. After an error it is of no use any more. */
export class Writer {
  readonly #run: Run;
  readonly #statements: Readonly<Record<keyof typeof SQL, Statement>>;
  readonly #known = new Map<string, Known>();
  readonly #texts = new Map<string, number>();
  readonly #hostId: number;
  readonly #runId: number;

  /** To be called within a transaction: the run is written at once. */
  constructor(database: Database, run: Run) {
    this.#run = run;
    const names = Object.keys(SQL) as (keyof typeof SQL)[];
    this.#statements = Object.fromEntries(
      names.map((name) => [name, database.prepare(SQL[name])]),
    ) as Record<keyof typeof SQL, Statement>;
    const { os, arch, memoryBytes } = run.host;
    this.#hostId = this.#id("host", run.machine.name, os, arch, memoryBytes);
    const { toolVersion, command, startedAtMs, intervalMs, thresholds } = run;
    const times = [Math.round(startedAtMs), Math.round(intervalMs)] as const;
    const limits = JSON.stringify(thresholds);
    this.#runId = this.#id("run", this.#hostId, toolVersion, command, ...times, limits);
  }

  /** Writes a look, if there is one, and its events. To be called within a transaction. */
  write({ atMs, look, events }: Taken): void {
    if (look !== null) this.#writeLook(Math.round(atMs), look);
    for (const event of events) this.#writeEvent(event);
    if (this.#known.size > MOST_KNOWN) this.#known.clear();
    if (this.#texts.size > MOST_KNOWN) this.#texts.clear();
  }

  #writeLook(at: number, look: Look): void {
    const id = this.#statements.look.run(this.#runId, at);
    for (const looked of look.found) this.#writeInstance(id, at, looked);
  }

  #writeInstance(look: number, at: number, looked: Looked): void {
    const { instance: { id, main, directory, members }, samples } = looked;
    const total = totalOf(looked);
    if (total === null) return;
    // A process that was asked for by its pid is not all of its instance: it is written as one of its own.
    const isAlone = main.matchedBy === "pid";
    const whole = this.#series(id, main, { instance: null, isAlone, directory });
    const residents = samples.map((one) => "reading" in one ? one.reading.residentBytes : 0);
    const resident = total.footprintBytes === null ? null : residents.reduce((a, b) => a + b, 0);
    this.#writeSample(look, at, whole, total.footprintBytes, resident);
    for (const [i, member] of members.entries()) {
      const sample = samples[i]!;
      if (hasEnded(sample)) continue;
      const reading = "reading" in sample ? sample.reading : null;
      const name = nameOfProcess(id, member.info.key);
      const part = this.#series(name, member, { instance: whole.id, isAlone, directory: null });
      const { footprintBytes = null, residentBytes = null } = reading ?? {};
      this.#writeSample(look, at, part, footprintBytes, residentBytes);
    }
  }

  #writeSample(
    look: number,
    at: number,
    series: Known,
    footprint: number | null,
    resident: number | null,
  ): void {
    this.#statements.sample.run(look, series.id, footprint, resident);
    if (footprint === null || footprint <= series.peak) return;
    series.peak = footprint;
    this.#statements.peak.run(series.id, footprint, at);
  }

  /** The series of a process in an instance, or of the instance of this main process. */
  #series(identity: string, member: Member, place: Place): Known {
    const { info: { key, ppid, startedAtMs, name }, role, commandLine } = member;
    const { instance, isAlone, directory } = place;
    const known = this.#known.get(identity);
    const looks = [instance, ppid, role, name, directory, ...commandLine ?? []].join("\0");
    if (known?.looks === looks) return known;
    const command = instance === null || commandLine === null
      ? null
      : this.#text(JSON.stringify(redact(commandLine)));
    const [row] = this.#statements.series.rows(
      ...[this.#hostId, instance, isAlone ? 1 : 0, key.pid, key.started],
      ...[this.#run.machine.boot, ppid, Math.round(startedAtMs), role, this.#text(name)],
      ...[directory === null ? null : this.#text(directory), command],
    );
    const series = { id: Number(row![0]), looks, peak: Number(row![1] ?? -1) };
    this.#known.set(identity, series);
    return series;
  }

  #writeEvent(event: WatchEvent): void {
    const { thresholds, home } = this.#run;
    // Whatever is shown now, secrets are not kept.
    const record = eventRecord(event, { thresholds, home, showSecrets: false });
    const { subject, standing, kind } = record;
    const series = "subject" in event && subject ? this.#seriesOf(event.subject) : null;
    const json = JSON.stringify(jsonEvent(record));
    const level = standing?.level ?? null;
    this.#statements.event.run(this.#runId, series, Math.round(event.atMs), kind, level, json);
  }

  /** Who is gone was written before; of whom nothing was ever read there is no series. */
  #seriesOf({ kind, key, instanceId }: Subject): number | null {
    const isInstance = kind === "instance";
    const known = this.#known.get(isInstance ? instanceId : nameOfProcess(instanceId, key));
    if (known) return known.id;
    const identity = [key.pid, key.started, this.#run.machine.boot, this.#hostId] as const;
    const [row] = isInstance
      ? this.#statements.instance.rows(...identity)
      : this.#statements.process.rows(...identity, instanceId);
    const id = row?.[0] ?? null;
    return id === null ? null : Number(id);
  }

  #text(value: string): number {
    let id = this.#texts.get(value);
    if (id === undefined) {
      id = this.#id("text", value);
      this.#texts.set(value, id);
    }
    return id;
  }

  #id(statement: keyof typeof SQL, ...values: readonly (string | number)[]): number {
    return Number(this.#statements[statement].rows(...values)[0]![0]);
  }
}

/** Names a process of an instance. */
function nameOfProcess(instanceId: string, key: ProcessKey): string {
  return `${instanceId} ${nameOf(key)}`;
}

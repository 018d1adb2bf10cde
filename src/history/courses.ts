/** The courses of all series of a time, gathered look by look. Pure. */

import type { HistoryReport } from "../report/history.ts";
import type { Limits } from "../types.ts";
import { Course } from "./course.ts";
import { HourTotals } from "./hour_total.ts";
import { LookTotals } from "./look_total.ts";
import type { LookRow } from "./read.ts";
import type { SeriesRow } from "./series.ts";
import type { HourRow, PeakRow } from "./source.ts";
import { TotalCourse } from "./total.ts";

/** A series while it is read. */
export interface Open {
  readonly row: SeriesRow;
  readonly course: Course;
  /** First and last look at it. */
  firstAtMs: number;
  lastAtMs: number;
}

/** An instance with those of its processes that are asked for. */
export interface OpenInstance {
  readonly whole: Open;
  readonly processes: readonly Open[];
}

/** What is asked for. */
export interface Asked {
  /** Whether a process is asked for, or all processes of an instance. */
  isWanted(series: SeriesRow): boolean;
  limitsOf(series: SeriesRow): Limits;
  /** How long a point stands for; null: each look is one. */
  readonly stepMs: number | null;
}

/** What was before and after a reading is not known. */
const FOR_A_MOMENT = { intervalMs: 1, patienceMs: 0 } as const;

export class Courses {
  readonly #asked: Asked;
  readonly #totals: LookTotals;
  readonly #hourTotals = new HourTotals();
  readonly #total: TotalCourse;
  /** By what names them, and by each row that says so. */
  readonly #byName = new Map<string, Open>();
  readonly #byRow = new Map<SeriesRow, Open>();
  readonly #wanted = new Map<SeriesRow, boolean>();

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#total = new TotalCourse(asked.stepMs);
    this.#totals = new LookTotals((series) => this.#isWanted(series));
  }

  /** Adds the highest reading of a series, where no other is left. They come before hours. */
  addPeak({ series, atMs, bytes }: PeakRow): void {
    const open = this.#open(series, atMs);
    open.course.add({ atMs, ...FOR_A_MOMENT }, bytes);
    open.lastAtMs = atMs;
  }

  /** Adds what is left of an hour. Hours come in their order, and before looks. */
  addHour({ series, hour }: HourRow): void {
    if (this.#hourTotals.atMs !== hour.atMs) this.#settleHour();
    const open = this.#open(series, hour.firstAtMs);
    open.course.addHour(hour);
    open.lastAtMs = hour.lastAtMs;
    this.#hourTotals.add(series, hour, this.#isWanted(series));
  }

  addLook(look: LookRow): void {
    this.#settleHour();
    const { series, bytes, atMs } = look;
    // Thousands of times for a day: an iterator would take as long as all else.
    for (let i = 0; i < series.length; i++) {
      const open = this.#open(series[i]!, atMs);
      open.course.add(look, bytes[i]!);
      open.lastAtMs = atMs;
    }
    this.#total.add(look.run.host, look, this.#totals.add(look));
  }

  /** Those instances of which a process is asked for, and the total of all that is asked for. */
  end(untilMs: number): {
    readonly total: HistoryReport["total"];
    readonly instances: readonly OpenInstance[];
  } {
    this.#settleHour();
    const processes = new Map<string, Open[]>();
    for (const open of this.#byName.values()) {
      const { row: { isInstance, instance }, row } = open;
      if (isInstance || instance === null || !this.#isWanted(row)) continue;
      const own = processes.get(instance.who) ?? [];
      processes.set(instance.who, own);
      own.push(open);
    }
    const instances = [...processes].flatMap(([who, processes]): OpenInstance[] => {
      // Asked for by its pid, it was seen alone; as long as somebody saw the whole instance, that counts.
      const whole = this.#byName.get(nameOfWhole(who, false)) ??
        this.#byName.get(nameOfWhole(who, true));
      return whole ? [{ whole, processes }] : [];
    });
    return { total: this.#total.end(untilMs), instances };
  }

  /** All of an hour is there: what it was together. */
  #settleHour(): void {
    for (const [host, total] of this.#hourTotals.take()) this.#total.addHour(host, total);
  }

  #open(row: SeriesRow, atMs: number): Open {
    const known = this.#byRow.get(row);
    if (known !== undefined) return known;
    const name = nameOf(row);
    let open = this.#byName.get(name);
    if (open === undefined) {
      const { stepMs } = this.#asked;
      const course = new Course(this.#asked.limitsOf(row), stepMs);
      open = { row, course, firstAtMs: atMs, lastAtMs: atMs };
      this.#byName.set(name, open);
    }
    this.#byRow.set(row, open);
    return open;
  }

  #isWanted(row: SeriesRow): boolean {
    let isWanted = this.#wanted.get(row);
    if (isWanted === undefined) {
      isWanted = this.#asked.isWanted(row);
      this.#wanted.set(row, isWanted);
    }
    return isWanted;
  }
}

/** Names a series in every database. A process that was seen alone is a part of its instance. */
export function nameOf({ who, isAlone, instance }: SeriesRow): string {
  return instance === null ? nameOfWhole(who, isAlone) : `${who} of ${instance.who}`;
}

/** The same for whom an event is about: of an instance it does not matter who saw it alone. */
export function nameOfSubject(series: SeriesRow): string {
  return series.instance === null ? series.who : nameOf(series);
}

function nameOfWhole(who: string, isAlone: boolean): string {
  return isAlone ? `${who} alone` : who;
}

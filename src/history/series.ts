/** Series as they are written: a process in an instance, or the total of an instance. */

import { DatabaseError } from "../errors.ts";
import { nameOf } from "../follow/series.ts";
import type { Machine, ProcessKey } from "../types.ts";
import type { SqlValue, Statement } from "../world.ts";
import type { History } from "./open.ts";

/** A series, names not made harmless. */
export interface SeriesRow {
  /** Opaque: names it for who reads, on the machines of one user. */
  readonly key: string;
  /** Names the process, or the main process of the instance, on any machine. The same in every database. */
  readonly who: string;
  readonly isInstance: boolean;
  /** Whether it is nothing but one process, which was asked for by its pid, or a part of such an instance. */
  readonly isAlone: boolean;
  /** That of its instance. */
  readonly instance: SeriesRow | null;
  readonly host: string;
  readonly pid: number;
  readonly ppid: number;
  readonly started: string;
  readonly startedAtMs: number;
  readonly role: string;
  readonly name: string;
  readonly directory: string | null;
  readonly commandLine: readonly string[] | null;
}

const SQL = "SELECT r.instance, h.name, r.pid, r.ppid, r.started, r.started_at, r.role, n.value, " +
  "d.value, c.value, r.boot, r.alone FROM series r JOIN host h ON h.id = r.host " +
  "JOIN text n ON n.id = r.name LEFT JOIN text d ON d.id = r.directory " +
  "LEFT JOIN text c ON c.id = r.command WHERE r.id = ?";
/** Lists of series are the same from look to look, most of the time; more of them than these are not kept. */
const MOST_LISTS = 64;
/** The last time that a Date can be. */
const LAST_MS = 8.64e15;
/** Characters of the name of a machine, or of its start, that tell it from others. */
const MACHINE_LENGTH = 8;

/** Names a process, or the instance whose main process it is, for who reads. Any text. */
export function seriesKey(key: ProcessKey, { name, boot }: Machine): string {
  return `${nameOf(key)}@${(boot || name).slice(0, MACHINE_LENGTH)}`;
}

/** The series of one database, each read once. */
export class SeriesTable {
  readonly #history: History;
  readonly #statement: Statement;
  readonly #rows = new Map<number, SeriesRow>();
  readonly #lists = new Map<string, readonly SeriesRow[]>();

  constructor(history: History) {
    this.#history = history;
    this.#statement = history.prepare(SQL);
  }

  /** Throws a DatabaseError if there is none. */
  at(id: number): SeriesRow {
    return this.#rows.get(id) ?? this.#read(id, false);
  }

  /** The series with these ids, in JSON. The same list for the same text. Throws a DatabaseError. */
  list(ids: string): readonly SeriesRow[] {
    let list = this.#lists.get(ids);
    if (list === undefined) {
      list = (JSON.parse(ids) as number[]).map((id) => this.at(id));
      if (this.#lists.size >= MOST_LISTS) this.#lists.clear();
      this.#lists.set(ids, list);
    }
    return list;
  }

  #read(id: number, isInstance: boolean): SeriesRow {
    const [values] = this.#statement.rows(id);
    const isTime = Math.abs(Number(values?.[5])) <= LAST_MS;
    if (values === undefined || !isTime || (isInstance && values[0] !== null)) {
      const reason = `its series ${id} is not what it should be`;
      throw this.#history.explain(new DatabaseError("damaged", reason));
    }
    const row = seriesRow(
      values,
      (instance) => this.#rows.get(instance) ?? this.#read(instance, true),
    );
    this.#rows.set(id, row);
    return row;
  }
}

function seriesRow(values: readonly SqlValue[], at: (id: number) => SeriesRow): SeriesRow {
  const [instance, host, pid, ppid, started, startedAt, role, name, ...more] = values;
  const [directory, command, boot, alone] = more;
  const process = { pid: Number(pid), started: String(started) };
  return {
    key: seriesKey(process, { name: String(host), boot: String(boot) }),
    who: JSON.stringify([pid, started, boot, host]),
    isInstance: instance === null,
    isAlone: alone === 1,
    instance: instance === null ? null : at(Number(instance)),
    host: String(host),
    pid: Number(pid),
    ppid: Number(ppid),
    started: String(started),
    startedAtMs: Number(startedAt),
    role: String(role),
    name: String(name),
    directory: directory === null ? null : String(directory),
    commandLine: argumentsIn(command),
  };
}

/** A command line as it is kept, or null if there is none. */
function argumentsIn(command: SqlValue | undefined): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(String(command));
    return Array.isArray(parsed) ? parsed.map(String) : null;
  } catch {
    return null;
  }
}

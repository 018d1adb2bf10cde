/** The real command line with a history of its own. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { temporaryFolder } from "../support.ts";
import { finished, linesOf, ocmemStarted, type Outcome, type Running } from "./command_line.ts";
import { documented } from "./program.ts";

/** What these tests read of `history --json`. */
export interface HistoryDocument {
  readonly looks: number;
  readonly instances: readonly {
    readonly pid: number;
    readonly stats: Readonly<Record<string, number | string | null>>;
    readonly processes: readonly {
      readonly pid: number;
      readonly stats: { readonly count: number };
    }[];
  }[];
  readonly events: readonly { readonly event: string; readonly pid: number | null }[];
}

/** This process alone. */
export const OWN: readonly string[] = ["--pid", String(Deno.pid)];

/** Arguments that record so many looks at this process, as fast as can be. */
export function watchOwn(looks: number): string[] {
  const times = ["--count", `${looks}`, "--interval", "10ms"];
  return ["watch", "--record", "--format", "ndjson", ...OWN, ...times];
}

/** A folder for state, and what is run with it. */
export class HistoryHome implements Disposable {
  readonly #folder = temporaryFolder();
  readonly path: string = this.#folder.path;
  readonly database: string = `${this.path}/ocmem/history.db`;
  readonly env: Readonly<Record<string, string>> = { XDG_STATE_HOME: this.path };

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  /** Runs ocmem to its end. */
  async run(...args: readonly string[]): Promise<Outcome> {
    const [program, ...words] = documented();
    return await finished(program, [...words, ...args], this.env);
  }

  /** Starts `watch --record` of these pids, as NDJSON. */
  watch(pids: readonly number[], ...args: readonly string[]): Running {
    const chosen = pids.flatMap((pid) => ["--pid", String(pid)]);
    const command = ["watch", "--record", "--format", "ndjson", ...chosen, ...args];
    return ocmemStarted(command, { env: this.env });
  }

  /** All that was recorded. Throws if anything is said on standard error. */
  async history(...args: readonly string[]): Promise<HistoryDocument> {
    const { code, stdout, stderr } = await this.run("history", "--json", ...args);
    assert.deepEqual([code, stderr], [0, ""]);
    return JSON.parse(stdout);
  }

  /** The rows of a query, of what is in the file and its log. */
  rows(sql: string): unknown[][] {
    const database = new DatabaseSync(this.database, { readOnly: true });
    try {
      return database.prepare(sql).all().map((row) => Object.values(row));
    } finally {
      database.close();
    }
  }

  /** Throws if the file is not whole, or a look of so many processes is not. */
  requireWhole(processes: number): void {
    assert.deepEqual(this.rows("PRAGMA integrity_check"), [["ok"]]);
    const torn = this.rows(
      "SELECT look.id, count(sample.look) AS samples FROM look LEFT JOIN sample ON look = look.id " +
        // Each of them is an instance of its own, and all of it.
        `GROUP BY look.id HAVING samples <> ${2 * processes}`,
    );
    assert.deepEqual(torn, []);
  }
}

/** What went wrong, as lines of NDJSON say. */
export function troublesIn(output: string): (string | undefined)[] {
  return linesOf(output).filter(({ type }) => type === "trouble").map(({ message }) => message);
}

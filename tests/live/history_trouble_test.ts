/** Histories that can't be used: watching and tracking go on, and the sentence says what to do. */

import assert from "node:assert/strict";
import { historyFile, SPOILED, traceOf } from "../history/spoiling.ts";
import { hasProgram, live } from "../support.ts";
import { finished, linesOf, type Outcome } from "./command_line.ts";
import { documented } from "./program.ts";
import { HistoryHome, OWN, troublesIn, watchOwn } from "./history_home.ts";

const WATCH = watchOwn(3);
const TRACK = ["track", "--record", "--json", ...OWN, "--duration", "30ms", "--interval", "10ms"];

/** It watched as if nothing were, and said the trouble once, and what is lost. */
function requireWatched({ code, stdout, stderr }: Outcome, said: RegExp): void {
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = linesOf(stdout);
  assert.equal(lines.filter(({ type }) => type === "sample").length, 3);
  assert.equal(lines.at(-1)!.looks, 3);
  const [trouble, lost, ...others] = troublesIn(stdout);
  assert.match(trouble!, said);
  assert.deepEqual([lost, others], ["3 looks were not recorded", []]);
}

/** The same of tracking, whose exit code tells that nothing is in the history. */
function requireTracked({ code, stdout, stderr }: Outcome, said: RegExp): void {
  assert.equal(code, 74, stderr);
  assert.equal(JSON.parse(stdout).series[0].stats.count, 3);
  const [trouble, lost, ...others] = troublesIn(stderr);
  assert.match(trouble!, said);
  assert.deepEqual([lost, others], ["3 looks were not recorded", []]);
}

const SHOWN = ["random bytes in the middle", "a text", "a history of a newer version", "a folder"];

for (const what of SHOWN) {
  live(
    `watching, tracking and asking go on, and the file stays what it is: ${what}`,
    {},
    async () => {
      using home = new HistoryHome();
      const { make, said } = SPOILED[what]!;
      Deno.mkdirSync(`${home.path}/ocmem`);
      await make(home.database);
      const before = await traceOf(home.database);
      requireWatched(await home.run(...WATCH), said);
      requireTracked(await home.run(...TRACK), said);
      const asked = await home.run("history", "--since", "2026-01-01");
      assert.deepEqual([asked.code, asked.stdout], [74, ""]);
      assert.match(asked.stderr, /^ocmem: Cannot read the history .*\/history\.db: .*\n$/);
      assert.equal(await traceOf(home.database), before);
    },
  );
}

/** Root without the right to pass over permissions; anybody else has none to give up. */
const PLAIN_USER = Deno.uid() === 0
  ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
  : ["env"];
const NEEDS = { [PLAIN_USER[0]!]: hasProgram(PLAIN_USER[0]!) };

async function asPlainUser(home: HistoryHome, args: readonly string[]): Promise<Outcome> {
  const [program, ...words] = [...PLAIN_USER, ...documented(), ...args];
  return await finished(program!, words, home.env);
}

live("a folder that this user can't write to", NEEDS, async () => {
  using home = new HistoryHome();
  Deno.chmodSync(home.path, 0o555);
  const said = /^Cannot record into the history .*: .*permission denied\. --database names another/;
  requireWatched(await asPlainUser(home, WATCH), said);
  requireTracked(await asPlainUser(home, TRACK), said);
  Deno.chmodSync(home.path, 0o755);
});

live(
  "a history that this user can read and not write, and one in a folder that stays as it is",
  NEEDS,
  async () => {
    using home = new HistoryHome();
    await historyFile(home.database, 3);
    Deno.chmodSync(home.database, 0o400);
    const before = await traceOf(home.database);
    requireWatched(
      await asPlainUser(home, WATCH),
      /readonly database\. --database names another file$/,
    );
    const asked = await asPlainUser(home, ["history", "--json", "--since", "2026-01-01"]);
    assert.deepEqual([asked.code, asked.stderr], [0, ""]);
    assert.equal(JSON.parse(asked.stdout).looks, 3);
    Deno.chmodSync(`${home.path}/ocmem`, 0o555);
    const shut = await asPlainUser(home, ["history", "--json", "--since", "2026-01-01"]);
    Deno.chmodSync(`${home.path}/ocmem`, 0o755);
    assert.match(shut.stderr + shut.stdout, /"looks":3|Cannot read the history .*unable to open/);
    assert.equal(await traceOf(home.database), before);
  },
);

live("a history that this user may not read", NEEDS, async () => {
  using home = new HistoryHome();
  await historyFile(home.database, 3);
  Deno.chmodSync(home.database, 0);
  const { code, stderr } = await asPlainUser(home, ["history"]);
  assert.equal(code, 74);
  assert.match(
    stderr,
    /^ocmem: Cannot read the history .*\/history\.db: .*\. --database names another file\n$/,
  );
});

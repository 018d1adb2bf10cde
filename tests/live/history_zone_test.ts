/** Moments without a zone, where the tests' own zone can't tell. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { finished } from "./command_line.ts";
import { runArgs } from "./module.ts";

/** What a text means in a zone, as UTC. Of days when clocks change, by the tz database. */
const CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Europe/Berlin": {
    "2026-01-31": "2026-01-30T23:00:00.000Z",
    "2026-01-31T14:30": "2026-01-31T13:30:00.000Z",
    "2026-07-31T14:30": "2026-07-31T12:30:00.000Z",
    "2026-07-31T14:30Z": "2026-07-31T14:30:00.000Z",
    // Clocks are set forward at 2:00: from midnight on it is a day of 23 hours, and 2:30 is not in it.
    "2026-03-29": "2026-03-28T23:00:00.000Z",
    "2026-03-30": "2026-03-29T22:00:00.000Z",
    "2026-03-29T02:30": "2026-03-29T01:30:00.000Z",
    // And back at 3:00: 2:30 comes twice, and means the first time.
    "2026-10-25T02:30": "2026-10-25T00:30:00.000Z",
    "2026-10-26": "2026-10-25T23:00:00.000Z",
  },
  "Asia/Kathmandu": { "2026-01-31": "2026-01-30T18:15:00.000Z" },
  // Set forward at midnight: the day began at 1:00.
  "America/Sao_Paulo": { "2018-11-04": "2018-11-04T03:00:00.000Z" },
  "Pacific/Auckland": { "2026-01-31 00:00": "2026-01-30T11:00:00.000Z" },
  UTC: { "2026-01-31": "2026-01-31T00:00:00.000Z" },
};

live("dates and times are local: also on days when clocks change", {}, async () => {
  using folder = temporaryFolder();
  const code = `
    import { momentMs, parseMoment } from "SRC/moments.ts";
    const texts = JSON.parse(Deno.args[0]);
    console.log(JSON.stringify(texts.map((text) => new Date(momentMs(parseMoment(text), 0)))));`;
  const args = runArgs(folder.path, code);
  for (const [zone, cases] of Object.entries(CASES)) {
    const texts = JSON.stringify(Object.keys(cases));
    const { stdout, stderr } = await finished(Deno.execPath(), [...args, texts], { TZ: zone });
    assert.equal(stderr, "");
    const found = JSON.parse(stdout).map((
      moment: string,
      i: number,
    ) => [Object.keys(cases)[i], moment]);
    assert.deepEqual(Object.fromEntries(found), cases, zone);
  }
});

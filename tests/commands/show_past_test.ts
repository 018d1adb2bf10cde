/** What was recorded of a process, as `ocmem show` tells it. */

import assert from "node:assert/strict";
import { DatabaseError } from "../../src/errors.ts";
import { FakeProbe, MIB } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { withHistory } from "../recorded.ts";
import { pure } from "../support.ts";
import { opencode } from "./left_behind.ts";
import { partOf, show, shown } from "./shown.ts";

/** Nine looks, a second apart, at what begins with 1000 MiB and takes 100 in each. */
async function grown() {
  const history = await withHistory();
  const at = (i: number) => opencode(10, "", { memory: (1000 + i * 100) * MIB });
  const probe = new FakeProbe([at(0)]);
  const script = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [500 + i * 1000, () => probe.set([at(i + 1)])]),
  );
  const words = ["watch", "--record", "--interval", "1s", "--count", "9", "--json"];
  assert.equal((await runFake(words, { probe, script, ...history })).code, 0);
  return { probe, ...history };
}

pure("lowest, highest, growth and slope an hour, and when it is over the limits", async () => {
  const { probe, ...history } = await grown();
  const scene = { ...history, env: { HOME: "/h", LANG: "C.UTF-8" } };
  // 100 MiB a second are 360,000 MiB an hour. It holds 1800 MiB; 248 more take 2.48 s.
  assert.deepEqual(partOf((await show("10 --no-sessions", probe, scene)).out, "Trend"), [
    "since       TIME, 9 readings",
    "footprint   1000 MiB to 1.76 GiB, mean 1.37 GiB",
    "growth      +800 MiB, slope +352 GiB/h (+352 GiB/h to +352 GiB/h)",
    "ahead       over the warning limit of 2 GiB in 2s, over the critical limit of",
    "            4 GiB in 22s",
    "course      ▁▂▃▄▅▆▇██",
  ]);
  const { trend, notes } = await shown("10", probe, scene);
  assert.deepEqual(notes, []);
  assert.deepEqual(trend, {
    since: "2026-01-02T03:04:05.000Z",
    until: "2026-01-02T03:04:13.000Z",
    count: 9,
    unread: 0,
    first_bytes: 1000 * MIB,
    last_bytes: 1800 * MIB,
    min_bytes: 1000 * MIB,
    max_bytes: 1800 * MIB,
    // The last one stands for its second, too.
    mean_bytes: 1400 * MIB,
    growth_bytes: 800 * MIB,
    slope_bytes_per_hour: 360_000 * MIB,
    slope_low_bytes_per_hour: 360_000 * MIB,
    slope_high_bytes_per_hour: 360_000 * MIB,
    seconds_to_warning: 3,
    seconds_to_critical: 23,
  });
});

pure("bars only where the locale has them", async () => {
  const { probe, ...history } = await grown();
  const scene = { ...history, env: { HOME: "/h", LANG: "C" } };
  const trend = partOf((await show("10 --no-sessions", probe, scene)).out, "Trend");
  assert.ok(trend.length > 3 && trend.every((line) => !line.startsWith("course")));
});

pure("no history is no trouble; one that can't be read is a note", async () => {
  const machine = [opencode(10, "")];
  const failing = (trouble: "missing" | "damaged") => ({
    env: { HOME: "/h" },
    openDatabase: () => {
      throw new DatabaseError(trouble, "what \x1b[1m is the case");
    },
  });
  assert.deepEqual((await shown("10", machine, failing("missing"))).notes, []);
  const { code, out } = await show("10 --no-sessions", machine, failing("damaged"));
  assert.equal(code, 0);
  assert.match(
    partOf(out, "Notes").join(" "),
    /^Cannot read the history \/h\/.local\/state\/ocmem\/history.db: what \\x1b\[1m is the case/,
  );
  // A file that is named is expected to be there.
  const named = await shown("10 --database /x.db", machine, failing("missing"));
  assert.match(named.notes.join(), /Cannot read the history \/x.db/);
  // Without a home there is none.
  assert.deepEqual((await shown("10", machine, { ...failing("damaged"), env: {} })).notes, []);
});

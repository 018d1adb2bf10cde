/** Flags that make no sense, refused in a sentence. */

import assert from "node:assert/strict";
import { FakeProbe, GIB } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";
import { openCode, runOn } from "./running.ts";

const BAD: Readonly<Record<string, readonly (readonly [string, RegExp])[]>> = {
  track: [
    ["--duration 5", /--duration "5".*500ms, 10s/],
    ["--duration 0s", /--duration "0s".*from 10ms/],
    ["--duration -5s", /--duration/],
    ["--duration 31d", /--duration "31d".*to 30d/],
    ["--interval 1s5", /--interval "1s5"/],
    ["--interval 9999d", /--interval/],
    ["--interval 20s", /--interval 20s with --duration 10s/],
    ["--duration 30d --interval 10ms", /259200000 readings.*at most 1000000/],
    ["--json --format csv", /--json with --format csv/],
    ["--format xml", /--format "xml".*text, json, ndjson, csv/],
    ["--scope instance", /--scope/],
    ["--warning 5GiB", /--warning 5GiB/],
    ["--durtion 5s", /did you mean --duration/],
  ],
  watch: [
    ["--interval 0s", /--interval "0s"/],
    ["--interval 25h", /--interval "25h".*to 1d/],
    ["--count 0", /--count "0".*from 1 to 999999999/],
    ["--for 0", /--for "0".*from 1 to 999999999/],
    ["--for x", /--for "x"/],
    ["--clear 90", /--clear "90".*1% to 100%/],
    ["--clear 0%", /--clear "0%"/],
    ["--clear 101%", /--clear "101%"/],
    ["--remind soon", /--remind "soon"/],
    ["--growth -1m", /--growth/],
    ["--duplicates -3", /--duplicates/],
    ["--exec=", /--exec.*empty/],
    ["--exec-timeout 5s", /--exec-timeout without --exec/],
    ["--exec true --exec-timeout 2h", /--exec-timeout "2h".*to 1h/],
    ["--json --format log", /--json with --format log/],
    ["--format csv", /--format "csv".*text, log, ndjson/],
    ["--warning 5GiB", /--warning 5GiB/],
    ["--pid 0", /--pid "0"/],
  ],
};

for (const [command, cases] of Object.entries(BAD)) {
  for (const [args, sentence] of cases) {
    pure(`bad: ${command} ${args}`, async () => {
      const ran = await runOn(command, new FakeProbe([openCode(GIB)]), args);
      assert.deepEqual([ran.code, ran.out], [64, ""]);
      assert.match(ran.err.startsWith("{") ? JSON.parse(ran.err).message : ran.err, sentence);
    });
  }
}

pure("bad: watch --exec with nothing but space", async () => {
  const ran = await runFake(["watch", "--exec", " \t"], { probe: new FakeProbe([]) });
  assert.deepEqual([ran.code, ran.out], [64, ""]);
  assert.match(ran.err, /--exec " \\t": expected a text that is not empty/);
});

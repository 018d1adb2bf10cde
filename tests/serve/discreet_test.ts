/** Without a token no command line leaves the server, by no way at all. */

import assert from "node:assert/strict";
import { visible } from "../../src/report/harmless.ts";
import type { HistoryReport, HistorySeries, PastQuery } from "../../src/report/history.ts";
import { discreetEvent, discreetHistory } from "../../src/serve/discreet.ts";
import { lastDay } from "../../src/serve/query.ts";
import { MIB, NOW_MS } from "../fake.ts";
import { pure } from "../support.ts";
import { eventsIn } from "./event_source.ts";
import { historyOf, json, Reader, reportWith, Stand, text, TOKEN } from "./asking.ts";

const COMMAND = ["node", "/srv/hush.js", "--for", "sesame"];
const HUSHED = /hush|sesame/;

/** As `watch` tells of it. The directory is made to look like the part before the command. */
const DUPLICATES = {
  ...{ type: "event", event: "duplicates", at: "2026-01-02T03:04:05.000Z" },
  message: "instance 10 (tui) in /x runs 8 times (1 B): y runs 8 times (320 MiB): " +
    COMMAND.join(" "),
  ...{
    subject: "instance",
    instance: "10-s10",
    pid: 10,
    role: "tui",
    cwd: "/x runs 8 times (1 B): y",
  },
  ...{ level: "normal", footprint_bytes: 320 * MIB, command_line: COMMAND, count: 8 },
};
const FOUND = { type: "event", event: "found", message: "instance 10 (tui): 1 GiB in 1 process" };

function past(query: PastQuery): HistoryReport {
  const [instance] = reportWith(COMMAND).instances;
  const { id, directory, processes } = instance!;
  const series: HistorySeries = {
    ...{ key: "k", pid: 10, role: "tui", name: "opencode", startedAtMs: 0, firstAtMs: 0 },
    ...{ lastAtMs: 0, alerts: 0, points: [[NOW_MS, 1]] },
    statistics: {
      ...{ count: 1, unread: 0, firstBytes: 1, lastBytes: 1, minBytes: 1, maxBytes: 1, maxAtMs: 1 },
      ...{ meanBytes: 1, growthBytes: 0, coveredMs: 1, overWarningMs: 0, overCriticalMs: 0 },
    },
  };
  return historyOf(query, {
    instances: [{
      ...{ ...series, id, host: "mybox", directory },
      processes: processes.map(({ commandLine }) => ({ ...series, ppid: 1, commandLine })),
    }],
    events: [DUPLICATES, FOUND].map((event) => ({
      ...{
        atMs: NOW_MS,
        kind: event.event,
        level: null,
        isAlert: false,
        message: event.message,
        json: event,
      },
    })),
  });
}

async function tellAll(stand: Stand, headers: Readonly<Record<string, string>> = {}) {
  const reader = await stand.follow(headers, new Reader());
  stand.show({ report: reportWith(COMMAND), events: [DUPLICATES, FOUND] });
  const paths = ["/", "/api/report", "/api/history", "/metrics", "/healthz"];
  const answers = await Promise.all(paths.map((path) => stand.get(path, headers)));
  for (const { status } of answers) assert.equal(status, 200);
  return { texts: [...answers.map(text), reader.heard], answers, reader };
}

pure("without a token nothing of them is in any answer, nor in what happened", async () => {
  const { texts, answers, reader } = await tellAll(await Stand.seen({ past }));
  for (const one of texts) assert.doesNotMatch(one, HUSHED);
  const history = json(answers[2]!);
  assert.equal(history.instances[0].processes[0].command_line, null);
  const [told, found] = JSON.parse(eventsIn(reader.heard).at(-1)!.data).events;
  for (const event of [told, history.events[0]]) {
    assert.equal(event.command_line, null);
    assert.deepEqual([event.count, event.footprint_bytes, event.pid], [8, 320 * MIB, 10]);
    assert.match(event.message, /^instance 10 \(tui\) runs a helper 8 times \(320 MiB\); /);
  }
  assert.deepEqual(found, FOUND);
  assert.deepEqual(history.events[1], FOUND);
});

pure("with a token all of it is there", async () => {
  const authorization = `Bearer ${TOKEN}`;
  const stand = await Stand.seen({ past }, undefined, true);
  const { texts, answers } = await tellAll(stand, { authorization });
  for (const i of [0, 1, 2, 5]) assert.match(texts[i]!, HUSHED);
  for (const i of [3, 4]) assert.doesNotMatch(texts[i]!, HUSHED);
  assert.deepEqual(json(answers[2]!).events[0], DUPLICATES);
});

pure("a history holds none in any of its parts", () => {
  const before = past(lastDay(NOW_MS));
  assert.match(JSON.stringify(before), HUSHED);
  assert.doesNotMatch(JSON.stringify(discreetHistory(before)), HUSHED);
});

pure("an event of a later ocmem that has a command line is as discreet", () => {
  const event = { type: "event", event: "novel", command_line: COMMAND, message: "x sesame" };
  const { command_line, message } = discreetEvent(event);
  assert.equal(command_line, null);
  assert.doesNotMatch(String(message), HUSHED);
  assert.equal(visible(String(message)), message);
});

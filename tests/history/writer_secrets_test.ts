/** What is never written into a history. */

import assert from "node:assert/strict";
import type { WatchEvent } from "../../src/follow/event.ts";
import { subjectOf } from "../../src/follow/event.ts";
import { lookAt, looked, seen } from "../follow/looks.ts";
import { runFake } from "../fake_world.ts";
import { FakeProbe, MIB } from "../fake.ts";
import { withHistory } from "../recorded.ts";
import { pure } from "../support.ts";
import { BEGIN_MS, contentOf, empty, rowsOf, Scribe } from "./recording.ts";

const SECRET = "sk-ant-0123456789abcdefghij";
const COMMAND = ["mcp", "--api-key", SECRET, `TOKEN=${SECRET}`, "https://ann:hunter2hunter2@host/"];

pure("secrets of command lines are replaced before they are written", async () => {
  using database = await empty();
  new Scribe(database).look(0, looked([seen(10, 5), seen(11, 1, { commandLine: COMMAND })]));
  const [[command]] = rowsOf(
    database,
    "SELECT value FROM series JOIN text ON text.id = command WHERE pid = 11",
  ) as [[string]];
  assert.deepEqual(JSON.parse(command), [
    "mcp",
    "--api-key",
    "***",
    "TOKEN=***",
    "https://ann:***@host/",
  ]);
  assert.doesNotMatch(JSON.stringify(contentOf(database)), /0123456789|hunter2/);
});

pure("and in events", async () => {
  using database = await empty();
  const look = lookAt(looked([seen(10, 5), seen(11, 1, { commandLine: COMMAND })]));
  const { main } = look.found[0]!.instance;
  const event: WatchEvent = {
    ...{ atMs: BEGIN_MS, kind: "duplicates", command: COMMAND, count: 9, footprintBytes: 6 },
    ...{ level: "normal", subject: subjectOf("instance", main, "10-s", "/work") },
  };
  new Scribe(database).take({ atMs: BEGIN_MS, look, events: [event] });
  assert.equal(rowsOf(database, "SELECT * FROM event").length, 1);
  assert.doesNotMatch(JSON.stringify(contentOf(database)), /0123456789|hunter2/);
});

pure("not even when they are shown on the screen", async () => {
  const history = await withHistory();
  const opencode = { pid: 10, name: "opencode", exe: "/b/opencode", memory: 5 * MIB, cwd: "/w" };
  const probe = new FakeProbe([
    { ...opencode, argv: ["opencode", "--password", SECRET] },
    ...Array.from({ length: 9 }, (_, i) => ({ pid: 20 + i, ppid: 10, argv: COMMAND, memory: 5 })),
  ]);
  const args = ["watch", "--record", "--show-secrets", "--count", "2", "--format", "ndjson"];
  const { out, code } = await runFake(args, { probe, ...history });
  assert.equal(code, 0);
  assert.match(out, /0123456789/, "shown");
  const content = JSON.stringify(contentOf(history.database));
  assert.match(content, /duplicates/);
  assert.doesNotMatch(content, /0123456789|hunter2/);
  history.database[Symbol.dispose]();
});

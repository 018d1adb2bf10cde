/** What a server shows of what is seen. */

import assert from "node:assert/strict";
import { closedValidator, SCHEMAS } from "../schema/schemas.ts";
import { FakeProbe, GIB, MIB, NOW_MS } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { live, pure } from "../support.ts";
import type { Reader } from "../serve/asking.ts";
import {
  Door,
  HELPER,
  helper,
  type LookDocument,
  SECOND,
  type SeriesDocument,
  serveOn,
  session,
  ViewStand,
} from "./serve_scene.ts";

const TOKEN = "correct-horse";
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const MACHINE = [
  session(3 * GIB),
  helper(11),
  { pid: 12, ppid: 10, name: "a\nb\x1b", memory: "denied" },
  { pid: 13, ppid: 10, name: "late", memory: "gone" },
  { pid: 14, ppid: 10, name: "dead", zombie: true },
  { pid: 20, name: "opencode", exe: "/b/opencode", argv: ["opencode"], zombie: true },
] as const;

/** The machine's own words for a process that started a minute before. */
const STARTED = (pid: number) => new Date(NOW_MS - 60_000 + pid).toISOString();

live("the report is what check --json prints of the same machine", {}, async () => {
  for (const isShown of [false, true]) {
    const token = isShown ? TOKEN : null;
    const stand = await ViewStand.open(MACHINE, { token });
    stand.show();
    const served = await stand.door.json("/api/report", isShown ? AUTHORIZED : {});
    const { out } = await runFake(["check", "--json"], { probe: new FakeProbe(MACHINE) });
    const checked = JSON.parse(out);
    if (!isShown) {
      for (const instance of checked.instances) {
        instance.advice = null;
        for (const process of instance.processes) process.command_line = null;
      }
    }
    assert.deepEqual(served, checked);
    assert.equal(closedValidator(SCHEMAS.report!)(served), null);
    await stand.view.closed();
  }
});

pure("a look in the stream: instances with keys, sizes, and what can't be read", async () => {
  const stand = await ViewStand.open(MACHINE);
  const reader = await stand.door.follow();
  stand.show();
  const [seen, ...more] = Door.looksIn(reader);
  assert.deepEqual(more, []);
  const process = (pid: number, role: string, name: string, bytes: number | null) => ({
    key: `${pid}-s${pid}@boot-1`,
    ...{ pid, ppid: pid === 10 ? 500 : 10, role, name },
    started_at: STARTED(pid),
    ...{ command_line: null, bytes },
  });
  assert.deepEqual(seen, {
    ...{ at: NOW_MS, level: "warning", interval_ms: 60_000, is_gap: false, events: [] },
    instances: [{
      ...{ key: "10-s10@boot-1", id: "10-s10", host: "fake", pid: 10, role: "tui" },
      ...{ name: "opencode", cwd: "/home/ann/web", started_at: STARTED(10) },
      bytes: 3 * GIB + 40 * MIB,
      processes: [
        process(10, "tui", "opencode", 3 * GIB),
        process(11, "child", "node", 40 * MIB),
        process(12, "child", "a\\nb\\x1b", null),
      ],
    }],
  });
});

pure("command lines are told with a token alone, and secrets in them by a flag", async () => {
  const shown = async (token: string | null, showSecrets: boolean) => {
    const stand = await ViewStand.open(MACHINE, { token, showSecrets });
    const reader = await stand.door.follow(token ? AUTHORIZED : {});
    stand.show();
    const report = await stand.door.json("/api/report", token ? AUTHORIZED : {});
    const [look] = Door.looksIn(reader);
    const inStream = look!.instances[0]!.processes[1]!.command_line;
    assert.deepEqual(report.instances[0].processes[1].command_line, inStream);
    return inStream;
  };
  assert.equal(await shown(null, false), null);
  assert.equal(await shown(null, true), null);
  assert.deepEqual(await shown(TOKEN, false), ["node", "/srv/hush.js", "--api-key", "***"]);
  assert.deepEqual(await shown(TOKEN, true), HELPER);
});

/** What tells one instance or process from another. */
function namesOf({ instances }: LookDocument): unknown[] {
  const namesOfOne = ({ key, pid, ppid, role, name, id, host, cwd, started_at }: SeriesDocument) =>
    JSON.stringify([key, pid, ppid, role, name, id, host, cwd, started_at]);
  return instances.flatMap((instance) => [
    namesOfOne(instance),
    ...instance.processes.map(namesOfOne).sort(),
  ]);
}

pure("the history names everything as the stream does, and ends with the last look", async () => {
  const door = new Door();
  const probe = new FakeProbe(MACHINE);
  const heard: [Promise<Reader>, Promise<LookDocument>][] = [];
  const script = { [1 * SECOND]: () => heard.push([door.follow(), door.json("/api/history")]) };
  const { code, err } = await serveOn(probe, "", 600 * SECOND, { script }, door);
  assert.deepEqual([code, err], [0, ""]);
  const [look] = Door.looksIn(await heard[0]![0]);
  const history = await heard[0]![1];
  assert.equal(closedValidator(SCHEMAS.history!)(history), null);
  assert.deepEqual(namesOf(look!), namesOf(history));
  assert.deepEqual(history.totals!.points, [[look!.at, 3 * GIB + 40 * MIB]]);
  assert.deepEqual(history.instances[0]!.points, [[look!.at, look!.instances[0]!.bytes]]);
});

/** `ocmem track --session`: what holds a session is followed, chosen once, and held. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB, NOW_MS } from "../fake.ts";
import type { Ran, Scene } from "../fake_world.ts";
import { HOSTILE, native } from "../schema/machine.ts";
import { add, bytesOf, type Made, openCodeWith, outsideOf } from "../sessions/made.ts";
import { pure } from "../support.ts";
import { trackOn } from "./running.ts";

const STORE = "/h/.local/share/opencode/opencode.db";
const ACTIVE = { updatedAtMs: NOW_MS - 5000 };
const STORED: readonly Made[] = [
  { id: "ses_w", directory: "/w", title: "Fix it", ...ACTIVE },
  { id: "ses_sub", directory: "/w", parentId: "ses_w", title: "A part", ...ACTIVE },
  { id: "ses_away", directory: "/x", archivedAtMs: NOW_MS, ...ACTIVE },
  { id: "ses_old", directory: "/far/it's", title: "Of old" },
  { id: "ses_oldsub", directory: "/far/it's", parentId: "ses_old" },
];
const MACHINE: readonly FakeProcess[] = [
  native(10, "", { cwd: "/w", memory: GIB }),
  { pid: 11, ppid: 10, name: "gopls", memory: MIB },
  native(20, "", { cwd: "/x" }),
  native(30, "--session ses_named", { cwd: "/y" }),
  native(40, "serve --port 4096", { cwd: "/z" }),
];

function tracked(args: string, rest: Scene & { sessions?: readonly Made[] } = {}): Promise<Ran> {
  const { sessions = STORED, probe = new FakeProbe(MACHINE), ...scene } = rest;
  const file = bytesOf((database) => add(database, ...sessions));
  const outside = outsideOf({ [STORE]: file }, openCodeWith([{ id: "ses_served", title: "S" }]));
  return trackOn(probe as FakeProbe, args, { env: { HOME: "/h" }, outside, ...scene });
}

/** `certain 10 11`: how sure it is, and what is tracked. */
async function heldBy(id: string, scene: Parameters<typeof tracked>[1] = {}): Promise<string> {
  const { out, err, code } = await tracked(`--session ${id} --duration 1s --json`, scene);
  assert.deepEqual([code, err], [0, ""]);
  const { session, series, instances } = JSON.parse(out);
  assert.equal(session.id, id);
  assert.deepEqual(session.instances, instances.map((one: { instance: string }) => one.instance));
  return [session.certainty, ...series.map(({ pid }: { pid: number }) => pid)].join(" ");
}

pure("the instance that holds it is tracked, with all that is below it", async () => {
  assert.equal(await heldBy("ses_w"), "likely 10 11");
  assert.equal(await heldBy("ses_named"), "certain 30");
  assert.equal(await heldBy("ses_served"), "shared 40");
  assert.equal(await heldBy("ses_sub"), "likely 10 11");
  assert.equal(await heldBy("ses_away"), "likely 20");
});

pure("however many were active since, it is found", async () => {
  const others = Array.from({ length: 40 }, (_, i) => (
    { id: `ses_x${i}`, directory: "/w", updatedAtMs: NOW_MS - 4000 + i }
  ));
  assert.equal(await heldBy("ses_w", { sessions: [...STORED, ...others] }), "likely 10 11");
});

pure("where it is not known which of them holds it, all are tracked, and it is said", async () => {
  const probe = () => new FakeProbe([...MACHINE, native(12, "run x", { cwd: "/w" })]);
  const args = "--session ses_w --duration 1s";
  const text = await tracked(args, { probe: probe() });
  const said = 'Session ses_w "Fix it" is shared: 2 instances may hold it, and all are tracked';
  assert.equal(text.err, `ocmem: ${said}\n`);
  assert.ok(text.out.replace(/\n +/g, " ").includes(said), text.out);
  const csv = await tracked(`${args} --format csv`, { probe: probe() });
  assert.equal(JSON.parse(csv.err).message, said);
  const lines = await tracked(`${args} --format ndjson`, { probe: probe() });
  assert.equal(lines.err, "");
  assert.deepEqual(JSON.parse(lines.out.split("\n")[0]!).session, {
    ...{ id: "ses_w", title: "Fix it", certainty: "shared" },
    instances: ["10-s10", "12-s12"],
  });
  const [one, likely, certain] = await Promise.all(
    ["ses_served", "ses_w", "ses_named"].map((id) => tracked(`--session ${id} --duration 1s`)),
  );
  assert.match(one!.err, /^ocmem: Session ses_served "S" is shared: what is tracked may hold it/);
  assert.deepEqual([likely!.err, certain!.err], ["", ""]);
  assert.match(likely!.out, /\n +Session ses_w "Fix it" is likely held by what is tracked: /);
  assert.match(certain!.out, /\n +Session ses_named is held by what is tracked: /);
});

pure(
  "it is chosen at the start and held: who comes later is not tracked, and it ends with it",
  async () => {
    const probe = new FakeProbe(MACHINE);
    const later = native(50, "--session ses_w", { cwd: "/w" });
    const script = {
      1500: () => probe.set([...MACHINE, later]),
      3500: () => probe.set([...MACHINE.slice(2), later]),
    };
    const { out, code } = await tracked("--session ses_w --duration 9s --json", { probe, script });
    const { series, looks, ended } = JSON.parse(out);
    assert.deepEqual([code, looks, ended], [0, 5, "gone"]);
    assert.deepEqual(series.map(({ pid }: { pid: number }) => pid), [10, 11]);
    const reused = new FakeProbe(MACHINE);
    const again = { 1500: () => reused.set([native(10, "", { cwd: "/w", started: "later" })]) };
    const other = await tracked("--session ses_w --duration 9s --json", {
      probe: reused,
      script: again,
    });
    assert.equal(JSON.parse(other.out).ended, "gone");
  },
);

pure("nothing holds it: 69, with what is known of it and how to go on with it", async () => {
  const fails = async (id: string, rest: Parameters<typeof tracked>[1] = {}) => {
    const { code, out, err } = await tracked(`--session ${id}`, rest);
    assert.deepEqual([code, out], [69, ""]);
    return err;
  };
  const without = { probe: new FakeProbe(MACHINE.slice(0, 4)) };
  assert.equal(
    await fails("ses_old", without),
    "ocmem: Cannot follow session ses_old: nothing that runs is known to hold it. It is " +
      `"Of old" in /far/it's. To go on with it: cd '/far/it'\\''s' && opencode --session ses_old\n`,
  );
  assert.match(
    await fails("ses_oldsub", without),
    /a subagent's of ses_old, in \/far\/it's\. .* opencode --session ses_old\n$/,
  );
  assert.match(await fails("ses_nowhere"), /and OpenCode's database has none of this id\. ocmem l/);
  assert.match(
    await fails("ses_nowhere", { outside: {} }),
    /does not tell of it\. Cannot read sessions: there is no .*\. ocmem list /,
  );
  assert.match(await fails("ses_w", { probe: new FakeProbe([]) }), /"Fix it" in \/w\. .*ses_w\n$/);
  const ended = new FakeProbe([native(10, "--session ses_w", { zombie: true })]);
  assert.match(await fails("ses_w", { probe: ended }), /nothing that runs/);
  const { err } = await tracked("--session ses_old --json", without);
  assert.equal(JSON.parse(err).exit_code, 69);
});

pure("a folder that can't be told in a line is not put into a command", async () => {
  const sessions = [
    { id: "ses_odd", directory: `/a\n${HOSTILE}`, title: HOSTILE },
    { id: "ses_near", directory: "near" },
  ];
  for (const id of ["ses_odd", "ses_near"]) {
    const probe = new FakeProbe([]);
    const { err, code } = await tracked(`--session ${id}`, { sessions, probe });
    assert.equal(code, 69);
    assert.doesNotMatch(err, /cd /);
    assert.doesNotMatch(err.slice(0, -1), /[\p{Cc}\p{Cf}\p{Cs}]/u);
  }
});

pure("an id that is none, and others that are chosen besides, are refused", async () => {
  const fails = async (args: string) => {
    const { code, err } = await tracked(args);
    assert.equal(code, 64, args);
    return err;
  };
  for (const id of ["10", "ses_", "ses_$(x)", "ses_a/../b", `ses_${"a".repeat(65)}`, "SES_a"]) {
    assert.match(await fails(`--session ${id}`), /a session's id, ses_ and letters and digits/);
  }
  assert.match(await fails("--session ses_w --pid 10"), /Cannot use --session with --pid: /);
  assert.match(await fails("--match x --session ses_w"), /Cannot use --session with --match: /);
});

pure("nothing is looked up without it", async () => {
  const outside = outsideOf({ [STORE]: new Uint8Array(9) });
  await tracked("--duration 1s", { outside });
  assert.deepEqual(outside.asked, []);
});

pure("OPENCODE_DB is read as OpenCode reads it, and those of its folder besides", async () => {
  const one = (id: string) =>
    bytesOf((database) => add(database, { id, directory: "/w", ...ACTIVE }));
  const outside = outsideOf({
    [STORE]: one("ses_usual"),
    "/h/.local/share/opencode/sub/own.db": one("ses_sub"),
    "/own.db": one("ses_own"),
  });
  const at = (OPENCODE_DB: string, id: string) =>
    heldBy(id, { outside, env: { HOME: "/h", OPENCODE_DB } });
  assert.equal(await at("/own.db", "ses_own"), "likely 10 11");
  assert.equal(await at("sub/own.db", "ses_sub"), "likely 10 11");
  for (const path of ["/own.db", ":memory:", "", STORE]) {
    assert.equal(await at(path, "ses_usual"), "likely 10 11");
  }
});

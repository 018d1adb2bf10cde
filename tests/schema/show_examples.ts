/** Runs of `show` that show everything that is told of a process. */

import assert from "node:assert/strict";
import type { MemoryKind } from "../../src/detail.ts";
import type { Missing, ProcessInfo, Reading } from "../../src/types.ts";
import { FakeProbe, type FakeProcess, MIB } from "../fake.ts";
import { runFake, type Scene } from "../fake_world.ts";
import { withHistory } from "../recorded.ts";
import { withChildren } from "./children_examples.ts";
import { HOSTILE, MACHINE, native } from "./machine.ts";
import { LEFT_BEHIND } from "./orphan_examples.ts";
import { document } from "./run.ts";

const KINDS: readonly MemoryKind[] = [
  ...["anonymous", "file", "shared", "swapped", "page_tables"] as const,
  ...["internal", "compressed", "external", "reusable", "purgeable"] as const,
];

/** Each kind of memory, ports of both families, and a session that can be resumed. */
const WHOLE: FakeProcess = native(10, "", {
  cwd: "/w",
  ppid: 5,
  parts: KINDS.map((kind, i) => ({ kind, bytes: i * MIB, inFootprint: i % 2 === 0 })),
  ports: [{ address: "127.0.0.1", port: 4096 }, { address: "::", port: 0 }],
});
/** Nothing of it is told. */
const UNTOLD = native(11, "", {
  exe: null,
  ...{ parts: "denied", ports: null, marks: null, standing: null, memory: "unsupported" },
});

/** Pids, and the machine of each. */
const SHOWS: readonly (readonly [args: string, processes: readonly FakeProcess[]])[] = [
  ["10", [{ pid: 5, ppid: 1, name: HOSTILE }, { pid: 1, ppid: 0, name: "init" }, WHOLE]],
  ["11", [UNTOLD]],
  ...[10, 12, 13, 14, 21, 34, 35, 36, 40, 1].map((pid) => [`${pid}`, MACHINE] as const),
  ...[10, 11, 20, 30, 31, 40].map((pid) => [`${pid}`, LEFT_BEHIND] as const),
  ["10 --show-secrets", LEFT_BEHIND],
  ["10 --warning 1MiB --no-sessions", LEFT_BEHIND],
  ["7", [{ pid: 7, ppid: 0, exe: null, memory: MIB, argv: "denied" }]],
  ["8", [native(8, "", { parts: "gone" })]],
];

/** As on macOS: no system but Linux tells PSS and USS. */
class Inexact extends FakeProbe {
  override memory(process: ProcessInfo): Reading | Missing {
    return super.memory(process, { exact: false });
  }
}

export async function shows(options: Scene, withSessions: Scene): Promise<unknown[]> {
  const runs = SHOWS.map(([args, processes]) =>
    document(`show ${args} --json`, { ...options, probe: new FakeProbe(processes) })
  );
  const darwin = new Inexact([WHOLE, UNTOLD], "darwin");
  const sessions = [10, 11, 12, 14].map((pid) => document(`show ${pid} --json`, withSessions));
  const around = [10, 11, 16, 18, 20].map((pid) =>
    document(`show ${pid} --warning 1MB --json`, withChildren())
  );
  return [
    ...await Promise.all([...runs, ...sessions, ...around]),
    ...await Promise.all(
      [10, 11].map((pid) => document(`show ${pid} --json`, { ...options, probe: darwin })),
    ),
    ...await recorded(),
  ];
}

/** What is recorded: it grows, it shrinks, it can't be read; and a history that can't be. */
async function recorded(): Promise<unknown[]> {
  const shown = [];
  for (const [from, step] of [[100, 10], [900, -10], [3000, 100]] as const) {
    const history = await withHistory();
    const probe = new FakeProbe([]);
    const at = (i: number) => native(10, "", { memory: (from + i * step) * MIB });
    probe.set([at(0)]);
    const script = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [500 + i * 1000, () => probe.set([at(i + 1)])]),
    );
    const words = ["watch", "--record", "--interval", "1s", "--count", "9", "--json"];
    assert.equal((await runFake(words, { probe, script, ...history })).code, 0);
    shown.push(await document("show 10 --json", { probe, ...history }));
  }
  const history = await withHistory();
  const probe = new FakeProbe([native(10, "", { memory: "denied" })]);
  const words = ["watch", "--record", "--count", "1", "--json"];
  assert.equal((await runFake(words, { probe, ...history })).code, 0);
  return [...shown, await document("show 10 --json", { probe, ...history })];
}

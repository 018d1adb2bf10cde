/** Floods of processes that are for the same, in text. */

import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB, MIB } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { pure } from "../support.ts";

const SESSION: FakeProcess = {
  ...{ pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory: GIB },
};

/** Copies of an MCP server, each with another port, from a pid on. */
function copies(count: number, from = 100, rest: Partial<FakeProcess> = {}): FakeProcess[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ pid: from + i, ppid: 10, name: "node", memory: MIB },
    argv: ["node", "/n/notes-mcp.js", "same"],
    ...rest,
  }));
}

async function rows(processes: readonly FakeProcess[], args = "list"): Promise<string[]> {
  const { out } = await runFake([...args.split(" "), "--no-sessions"], {
    probe: new FakeProbe(processes),
  });
  return out.split("\n");
}

function pidsIn(lines: readonly string[]): number[] {
  return lines.flatMap((line) => /^ *(\d+) +(?=[│├└a-z])/.exec(line)?.[1] ?? []).map(Number);
}

pure("of eight that are for the same three are shown, and how many more there are", async () => {
  const few = await rows([SESSION, ...copies(7)]);
  assert.deepEqual(pidsIn(few), [10, 100, 101, 102, 103, 104, 105, 106]);
  assert.ok(!few.some((line) => line.includes("more that are")));
  const many = await rows([SESSION, ...copies(66)]);
  assert.deepEqual(pidsIn(many), [10, 100, 101, 102]);
  const [more, group] = many.slice(many.findIndex((line) => line.includes("more")));
  assert.equal(
    more,
    "       … and 63 processes more that are for the same, 63 MiB (--wide shows them)",
  );
  assert.match(group!, /^ {7}66 × MCP server, 66 MiB: node/);
});

pure(
  "all are there with --wide, in other formats, and where what they are for is not asked",
  async () => {
    const machine = [SESSION, ...copies(66)];
    assert.equal(pidsIn(await rows(machine, "list --wide")).length, 67);
    assert.equal(pidsIn(await rows(machine, "check")).length, 67);
    const { out } = await runFake(["list", "--no-sessions", "--json"], {
      probe: new FakeProbe(machine),
    });
    assert.equal(JSON.parse(out).instances[0].processes.length, 67);
  },
);

pure("what is of another kind, deeper, or over a limit stays", async () => {
  const others = [
    { pid: 300, ppid: 10, name: "gopls", argv: ["gopls"], memory: MIB },
    { pid: 301, ppid: 100, name: "node", argv: ["node", "/n/below.js"], memory: MIB },
    // The same program at something else.
    ...copies(7, 400, { argv: ["node", "/n/build.js"] }),
  ];
  const shown = pidsIn(await rows([SESSION, ...copies(20), ...others]));
  assert.deepEqual(
    shown.toSorted((a, b) => a - b),
    [10, 100, 101, 102, 300, 301, ...Array.from({ length: 7 }, (_, i) => 400 + i)],
  );
  const heavy = [SESSION, ...copies(20), ...copies(1, 200, { memory: 3 * GIB })];
  const { out } = await runFake(["check", "--sessions"], { probe: new FakeProbe(heavy) });
  assert.deepEqual(pidsIn(out.split("\n")), [10, 100, 101, 102, 200]);
});

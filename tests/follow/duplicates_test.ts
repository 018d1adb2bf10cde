import assert from "node:assert/strict";
import fc from "fast-check";
import { type Copies, copiesIn, Told } from "../../src/follow/duplicates.ts";
import { pure } from "../support.ts";
import { looked, type Seen, seen } from "./looks.ts";

const MCP = ["npx", "mcp"];
const LSP = ["gopls"];

function runs(pid: number, commandLine: readonly string[] | null, rest: Partial<Seen> = {}): Seen {
  return seen(pid, 10, { commandLine, ...rest });
}

/** `count × command = bytes` of each. */
function shown(copies: readonly Copies[]): string[] {
  return copies.map((c) => `${c.count} × ${c.command.join(" ")} = ${c.footprintBytes}`);
}

function copies(processes: readonly Seen[], mainAt = 0): string[] {
  return shown(copiesIn(looked(processes, mainAt)));
}

pure("copies are direct children of the session with the same arguments", () => {
  const session = seen(1, 1000);
  assert.deepEqual(copies([session]), []);
  assert.deepEqual(copies([session, runs(2, MCP), runs(3, LSP), runs(4, MCP), runs(5, MCP)]), [
    "3 × npx mcp = 30",
    "1 × gopls = 10",
  ]);
  // Arguments are told apart, whatever is in them.
  const alike = [["a", "b c"], ["a b", "c"], ["a b c"], ["a", "b c", ""]];
  assert.equal(copies([session, ...alike.map((argv, i) => runs(2 + i, argv))]).length, 4);
  // Nobody knows what these run.
  assert.deepEqual(copies([session, runs(2, null), runs(3, null), runs(4, []), runs(5, [])]), []);
});

pure("helpers of the session are counted like children; sessions and zombies are not", () => {
  const session = seen(1, 1000);
  assert.deepEqual(
    copies([session, runs(2, LSP, { role: "helper" }), runs(3, LSP), runs(4, LSP)]),
    ["3 × gopls = 30"],
  );
  const zombie = seen(4, "zombie", { commandLine: LSP });
  assert.deepEqual(copies([session, runs(2, LSP, { role: "run" }), runs(3, LSP), zombie]), [
    "1 × gopls = 10",
  ]);
});

pure("the footprint of a copy is that of its whole tree; what deeper runs is not counted", () => {
  const below = (pid: number, depth: number) => runs(pid, MCP, { depth });
  assert.deepEqual(
    copies([seen(1, 1000), runs(2, MCP), below(3, 2), below(4, 3), below(5, 2), runs(6, MCP)]),
    ["2 × npx mcp = 50"],
  );
  // What is below something else belongs to that.
  assert.deepEqual(
    copies([seen(1, 1000), runs(2, MCP), runs(3, null), below(4, 2), runs(5, MCP)]),
    ["2 × npx mcp = 20"],
  );
  // A copy that can't be read is a copy.
  assert.deepEqual(
    copies([seen(1, 1000), runs(2, MCP, { memory: "denied" }), below(3, 2), runs(4, MCP)]),
    ["2 × npx mcp = 20"],
  );
});

pure("launchers above the session, and other sessions beside it, change nothing", () => {
  const launcher = (pid: number, depth: number) => seen(pid, 5, { role: "launcher", depth });
  const child = (pid: number) => runs(pid, MCP, { depth: 3 });
  const session = (pid: number) => seen(pid, 1000, { role: "server", depth: 2 });
  const tree = [launcher(1, 0), launcher(2, 1), session(3), child(4), child(5)];
  assert.deepEqual(copies(tree, 2), ["2 × npx mcp = 20"]);
  assert.deepEqual(copies([...tree, session(6), child(7), child(8)], 2), ["2 × npx mcp = 20"]);
});

function count(count: number, command = MCP): Copies {
  return { command, count, footprintBytes: 0 };
}

/** The counts that were told as news. */
function told(least: number, counts: readonly number[]): number[] {
  const told = new Told(least);
  return counts.flatMap((n) => told.news("i", n === 0 ? [] : [count(n)]).map((c) => c.count));
}

pure("copies are news when they are so many, and each time they have doubled", () => {
  const cases: [number, number[], number[]][] = [
    [8, [1, 7], []],
    [8, [8, 8, 9, 15, 16, 17, 31, 32], [8, 16, 32]],
    [8, [7, 20, 39, 40], [20, 40]],
    [1, [1, 2, 3, 4], [1, 2, 4]],
    [0, [1, 8, 1000], []],
    // One more or less is no news.
    [8, [8, 7, 8, 7, 8, 5, 8], [8]],
    // Where half have ended, as many again are.
    [8, [8, 4, 7, 8], [8, 8]],
    [8, [16, 8, 15, 16], [16, 16]],
    [8, [32, 10, 19, 20], [32, 20]],
    [8, [32, 3, 7, 8], [32, 8]],
    // None is left.
    [8, [8, 0, 7, 8], [8, 8]],
  ];
  for (const [least, counts, expected] of cases) {
    assert.deepEqual(told(least, counts), expected, `${counts}`);
  }
});

pure("each command of each instance is told by itself, and forgotten with it", () => {
  const told = new Told(2);
  assert.deepEqual(shown(told.news("a", [count(2), count(1, LSP)])), ["2 × npx mcp = 0"]);
  assert.deepEqual(shown(told.news("a", [count(2), count(2, LSP)])), ["2 × gopls = 0"]);
  assert.deepEqual(told.news("b", [count(2)]).length, 1);
  told.forget("a");
  assert.deepEqual(told.news("b", [count(3)]), []);
  assert.deepEqual(told.news("a", [count(2), count(2, LSP)]).length, 2);
});

pure("any counts: what is told is enough, new, and never missed by half", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40, size: "max" });
  fc.assert(fc.property(counts, fc.integer({ min: 1, max: 20 }), (counts, least) => {
    const memory = new Told(least);
    let [last, lowest]: [number, number] = [0, 0];
    for (const n of counts) {
      const isNews = memory.news("i", n === 0 ? [] : [count(n)]).length > 0;
      lowest = Math.min(lowest, n);
      if (isNews) {
        assert.ok(n >= least, "too few");
        // Either twice what was told, or it had shrunk to half in between.
        assert.ok(n >= 2 * last || lowest * 2 <= last, `${n} after ${last}`);
        [last, lowest] = [n, n];
      } else {
        assert.ok(n < least || n < 2 * last, `${n} after ${last} was not told`);
      }
    }
  }));
});

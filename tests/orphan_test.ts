/** What is concluded from which facts: a table, and what holds of any facts. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeOrphan, OLD_MS, type OrphanFacts } from "../src/orphan.ts";
import { type Conclusion, ROLES } from "../src/types.ts";
import { pure } from "./support.ts";

/** A session in a terminal, just started: nothing speaks against it. */
const FINE: OrphanFacts = {
  role: "tui",
  name: "opencode",
  heir: null,
  hasTerminal: true,
  isService: false,
  opener: null,
  isDeleted: false,
  uptimeMs: 0,
  hasOpenSession: null,
};
/** Its parent and its terminal are gone. */
const LEFT: Partial<OrphanFacts> = { heir: { pid: 1, name: "init" }, hasTerminal: false };
const DEAD = { pid: 7, isAlive: false };
const ALIVE = { pid: 7, isAlive: true };

function conclusion(facts: Partial<OrphanFacts>): Conclusion | null {
  return judgeOrphan({ ...FINE, ...facts }).conclusion;
}

function kinds(facts: Partial<OrphanFacts>): string {
  return judgeOrphan({ ...FINE, ...facts }).evidence.map(({ kind }) => kind).join(" ");
}

pure("without a fact, and with facts that are not known, there is nothing", () => {
  const unknown = { hasTerminal: null, isService: null, isDeleted: null, hasOpenSession: null };
  for (const role of ROLES) {
    assert.deepEqual(judgeOrphan({ ...FINE, role }), { conclusion: null, evidence: [] });
    assert.deepEqual(judgeOrphan({ ...FINE, role, ...unknown }), {
      conclusion: null,
      evidence: [],
    });
  }
});

const CASES: readonly (readonly [string, Partial<OrphanFacts>, Conclusion | null])[] = [
  ["a tui without parent and terminal", { ...LEFT }, "likely"],
  ["an attach likewise", { ...LEFT, role: "attach" }, "likely"],
  ["a tui in tmux: its parent lives", { hasTerminal: true }, null],
  ["a tui in a container, below its init", { ...LEFT, hasTerminal: true }, null],
  ["a tui whose terminal is not told", { ...LEFT, hasTerminal: null }, null],
  ["a tui without a terminal, whose parent lives", { hasTerminal: false }, null],
  ["a run in the background with nohup", { ...LEFT, role: "run" }, "possible"],
  ["a run that goes on for a day", { ...LEFT, role: "run", uptimeMs: OLD_MS }, "likely"],
  ["a run of just less", { ...LEFT, role: "run", uptimeMs: OLD_MS - 1 }, "possible"],
  ["a run whose opener is dead", { ...LEFT, role: "run", opener: DEAD }, "likely"],
  ["a run without a session", { ...LEFT, role: "run", hasOpenSession: false }, "likely"],
  ["a tui with a session", { ...LEFT, hasOpenSession: true }, "possible"],
  ["what a living OpenCode started", { ...LEFT, role: "run", opener: ALIVE }, null],
  ["a server in the background", { ...LEFT, role: "server" }, "possible"],
  ["for ever so long", { ...LEFT, role: "server", uptimeMs: 90 * OLD_MS }, "possible"],
  ["a server whose opener is dead", { ...LEFT, role: "server", opener: DEAD }, "likely"],
  ["it lives", { ...LEFT, role: "server", opener: ALIVE }, null],
  ["a server of systemd", { ...LEFT, role: "server", isService: true }, null],
  ["started from OpenCode", { ...LEFT, role: "server", isService: true, opener: DEAD }, null],
  ["a server that may be launchd's", { ...LEFT, role: "server", isService: null }, null],
  ["a tui that may be launchd's", { ...LEFT, isService: null }, "possible"],
  ["a server of npx in a terminal", { role: "server" }, null],
  ["acp without its editor", { ...LEFT, role: "acp" }, "possible"],
  ["the desktop app's server", { ...LEFT, role: "desktop" }, "possible"],
  ["arguments can't be read", { ...LEFT, role: "unknown" }, "possible"],
  ["a child whose OpenCode is dead", { ...LEFT, role: "orphan", opener: DEAD }, "orphan"],
  ["in the terminal of that", {
    ...LEFT,
    role: "orphan",
    opener: DEAD,
    hasTerminal: true,
  }, "orphan"],
  ["a service with its mark", { ...LEFT, role: "orphan", opener: DEAD, isService: true }, null],
  ["tmux that it started", {
    ...LEFT,
    role: "orphan",
    opener: DEAD,
    name: "tmux: server",
  }, "possible"],
  ["a match", { ...LEFT, role: "match", opener: DEAD }, null],
  ["a zombie", { ...LEFT, role: "zombie", opener: DEAD }, null],
];

for (const [name, facts, expected] of CASES) {
  pure(`${name}: ${expected}`, () => assert.equal(conclusion(facts), expected));
}

pure("evidence is each thing that is known, in words", () => {
  assert.equal(kinds(LEFT), "parent_gone no_terminal");
  assert.equal(kinds({ opener: DEAD }), "opener_dead");
  assert.equal(kinds({ opener: ALIVE }), "");
  assert.equal(kinds({ isDeleted: true }), "executable_deleted");
  assert.equal(kinds({ uptimeMs: OLD_MS }), "age");
  assert.equal(kinds({ uptimeMs: OLD_MS - 1 }), "");
  assert.equal(kinds({ hasOpenSession: false }), "no_open_session");
  assert.equal(kinds({ hasOpenSession: true }), "");
  const [parent, , opener] = judgeOrphan({ ...FINE, ...LEFT, opener: DEAD }).evidence;
  assert.match(parent!.detail, /\b1 \(init\)/);
  assert.match(opener!.detail, /OPENCODE_PID is 7\b/);
});

const known = fc.option(fc.boolean());
const facts: fc.Arbitrary<OrphanFacts> = fc.record({
  role: fc.constantFrom(...ROLES),
  name: fc.constantFrom("opencode", "tmux: server", "bash"),
  heir: fc.option(fc.record({ pid: fc.constantFrom(1, 900), name: fc.string() })),
  hasTerminal: known,
  isService: known,
  opener: fc.option(fc.record({ pid: fc.nat(), isAlive: fc.boolean() })),
  isDeleted: known,
  uptimeMs: fc.constantFrom(0, OLD_MS - 1, OLD_MS, 9 * OLD_MS),
  hasOpenSession: known,
});
const RANK = [null, "possible", "likely", "orphan"] as const;
const rank = (one: OrphanFacts) => RANK.indexOf(judgeOrphan(one).conclusion);

pure("a living parent, a service manager or a living opener clears of everything", () => {
  fc.assert(fc.property(facts, (one) => {
    assert.equal(rank({ ...one, heir: null }), 0);
    assert.equal(rank({ ...one, isService: true }), 0);
    assert.equal(rank({ ...one, opener: { pid: 7, isAlive: true } }), 0);
  }));
});

pure("what is not known never makes it worse than what speaks for it", () => {
  fc.assert(fc.property(facts, (one) => {
    assert.ok(rank({ ...one, hasTerminal: null }) <= rank({ ...one, hasTerminal: false }));
    assert.ok(rank({ ...one, isService: null }) <= rank({ ...one, isService: false }));
    assert.ok(rank({ ...one, opener: null }) <= rank({ ...one, opener: DEAD }));
    assert.ok(rank({ ...one, hasOpenSession: null }) <= rank({ ...one, hasOpenSession: false }));
  }));
});

pure("age and a deleted executable are never enough, and a conclusion has evidence", () => {
  fc.assert(fc.property(facts, (one) => {
    const young = rank({ ...one, uptimeMs: 0, isDeleted: false });
    assert.ok(rank({ ...one, uptimeMs: 9 * OLD_MS, isDeleted: true }) >= young);
    if (young === 0) assert.equal(rank({ ...one, uptimeMs: 9 * OLD_MS, isDeleted: true }), 0);
    const { conclusion, evidence } = judgeOrphan(one);
    if (conclusion !== null) assert.ok(evidence.some(({ kind }) => kind === "parent_gone"));
  }));
});

pure("only a child is an orphan outright, and a server alone never more than possible", () => {
  fc.assert(fc.property(facts, (one) => {
    if (judgeOrphan(one).conclusion === "orphan") assert.equal(one.role, "orphan");
    const server = judgeOrphan({ ...one, role: "server", opener: null }).conclusion;
    assert.ok(server === null || server === "possible");
  }));
});

/** Which session is whose, and how sure that is. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { continues, isAttached, namedSession, placeOf } from "../../src/sessions/argv.ts";
import { type Findings, type Holder, relate } from "../../src/sessions/relate.ts";
import type { ServedSessions } from "../../src/sessions/served.ts";
import type { StoredSession } from "../../src/sessions/store.ts";
import { type HeldSession, type Role, ROLES } from "../../src/types.ts";
import { pure } from "../support.ts";
import { findings, holder, STARTED_MS, stored, told } from "./relating.ts";

function held(holders: readonly Holder[], found: Findings): Record<string, string[]> {
  const say = ({ id, certainty, busy }: HeldSession) =>
    `${certainty} ${id}${busy === null ? "" : ` ${busy}`}`;
  return Object.fromEntries(
    [...relate(holders, found)].map(([id, { sessions }]) => [id, sessions.map(say)]),
  );
}

pure("what the arguments say", () => {
  const cases: readonly [args: string, session: string | null][] = [
    ["--session ses_a1", "ses_a1"],
    ["-s ses_a1", "ses_a1"],
    ["--session=ses_a1", "ses_a1"],
    ["-s=ses_a1", "ses_a1"],
    ["run hello --session ses_a1", "ses_a1"],
    ["--session ses_a1 --fork", null],
    ["--session ses_a1 --fork=false", "ses_a1"],
    ["--session", null],
    ["--session ../x", null],
    ["--session ses_a1 --session ses_b2", null],
    ["run -- --session ses_a1", null],
    ["--continue", null],
    ["", null],
  ];
  for (const [args, session] of cases) assert.equal(namedSession(told(args)), session, args);
  assert.deepEqual(
    ["-c", "--continue", "--continue --fork", "run -- -c"].map((args) => continues(told(args))),
    [true, true, false, false],
  );
  assert.ok(isAttached(told("run --attach=http://x hello")));
});

pure("where a server says that it listens, if that is on this machine", () => {
  const cases: readonly [args: string, place: [string, number] | null][] = [
    ["serve --port 4096", ["127.0.0.1", 4096]],
    ["serve --port=4096 --hostname localhost", ["127.0.0.1", 4096]],
    ["serve --port 1 --hostname 0.0.0.0", ["127.0.0.1", 1]],
    ["serve --port 65535 --hostname ::1", ["::1", 65535]],
    ["serve --port 4096 --hostname 10.0.0.7", null],
    ["serve --port 4096 --hostname example.com", null],
    ["serve --port 0", null],
    ["serve --port 65536", null],
    ["serve --port x", null],
    ["serve", null],
    ["serve -- --port 4096", null],
  ];
  for (const [args, place] of cases) {
    const expected = place && { host: place[0], port: place[1] };
    assert.deepEqual(placeOf(told(args)), expected, args);
  }
});

pure("a session that the arguments name is certain, whether it is stored or not", () => {
  const found = findings([stored("ses_a", 5, { directory: "/other", isArchived: true })]);
  const holders = [
    holder("tui", "tui", { commandLine: told("--session ses_a") }),
    holder("run", "run", { commandLine: told("run -s ses_b x") }),
    holder("attach", "attach", { commandLine: told("attach http://x -s ses_a") }),
    // Its -s is something else.
    holder("cli", "cli", { commandLine: told("stats -s ses_a") }),
  ];
  assert.deepEqual(held(holders, found), {
    tui: ["certain ses_a"],
    run: ["certain ses_b"],
    attach: ["certain ses_a"],
    cli: [],
  });
  const [, run] = [...relate(holders, found).values()];
  const nothing = { title: null, directory: null, updatedAtMs: null, busy: null };
  assert.deepEqual(run!.sessions, [{ id: "ses_b", certainty: "certain", ...nothing }]);
});

pure("what was active since a tui began is likely its own, unless somebody else is there", () => {
  const found = findings([
    stored("ses_old", STARTED_MS - 1),
    stored("ses_1", STARTED_MS),
    stored("ses_2", STARTED_MS + 5),
    stored("ses_child", STARTED_MS + 9, { parentId: "ses_1" }),
    stored("ses_away", STARTED_MS + 9, { isArchived: true }),
    stored("ses_when", null),
    stored("ses_x", STARTED_MS + 9, { directory: "/x" }),
  ]);
  const tui = holder("tui", "tui");
  const alone = ["likely ses_2", "likely ses_1"];
  const among = ["shared ses_2", "shared ses_1"];
  assert.deepEqual(held([tui], found).tui, alone);
  const others: readonly [Role, Partial<Holder>, readonly string[]][] = [
    ["tui", {}, among],
    ["run", {}, among],
    ["server", {}, among],
    ["acp", {}, among],
    ["tui", { directory: "/x" }, alone],
    ["attach", {}, alone],
    ["cli", {}, alone],
  ];
  for (const [role, rest, expected] of others) {
    assert.deepEqual(held([tui, holder("other", role, rest)], found).tui, expected, role);
  }
  assert.deepEqual(held([{ ...tui, directory: null }], found).tui, []);
  assert.deepEqual(held([{ ...tui, isOwn: false }], found).tui, []);
  const attached = { commandLine: told("run --attach http://x") };
  assert.deepEqual(held([holder("run", "run", attached)], found).run, []);
});

pure("at most 5 are told of a tui, those that were active last", () => {
  const sessions = [1, 2, 3, 4, 5, 6, 7].map((n) => stored(`ses_${n}`, STARTED_MS + n));
  assert.deepEqual(
    held([holder("tui", "tui")], findings(sessions)).tui,
    [7, 6, 5, 4, 3].map((n) => `likely ses_${n}`),
  );
});

pure("with --continue it is the last one there, until another is active", () => {
  const [old, older] = [stored("ses_old", 500), stored("ses_older", 400)];
  const tui = holder("tui", "tui", { commandLine: told("--continue") });
  assert.deepEqual(held([tui], findings([older, old])).tui, ["likely ses_old"]);
  const fresh = stored("ses_new", STARTED_MS + 1);
  assert.deepEqual(held([tui], findings([older, old, fresh])).tui, ["likely ses_new"]);
  assert.deepEqual(held([tui], findings([])).tui, []);
});

pure("a server's are shared: those of its directory, and those that it names", () => {
  const served: ServedSessions = {
    sessions: [
      { id: "ses_1", title: "Newer", directory: "/w", updatedAtMs: 50 },
      { id: "ses_x", title: null, directory: "/x", updatedAtMs: 2 },
    ],
    active: new Set(["ses_x"]),
  };
  const found = findings([stored("ses_1", 5), stored("ses_2", 4)], {
    served: new Map([["asked", served]]),
  });
  const holders = [holder("asked", "server"), holder("silent", "server")];
  assert.deepEqual(held(holders, found), {
    asked: ["shared ses_x true", "shared ses_1", "shared ses_2"],
    silent: ["shared ses_1", "shared ses_2"],
  });
  assert.equal(relate(holders, found).get("asked")!.sessions[1]!.title, "Newer");
});

pure("the project is what OpenCode says of that directory, and never guessed", () => {
  const projects = new Map([["p", "/mono"], ["q", "/w"], ["global", "/"]]);
  const of = (directory: string | null, sessions: readonly StoredSession[], isOwn = true) =>
    relate([holder("a", "cli", { directory, isOwn })], findings(sessions, { projects }))
      .get("a")!.project;
  assert.deepEqual(of("/w", []), { id: "q", worktree: "/w" });
  const below = stored("s", 1, { directory: "/mono/a" });
  assert.deepEqual(of("/mono/a", [below]), { id: "p", worktree: "/mono" });
  assert.equal(of("/mono/b", [below]), null);
  const lost = stored("s", 1, { directory: "/z", projectId: "gone" });
  assert.deepEqual(of("/z", [lost]), { id: "gone", worktree: null });
  assert.equal(of("/z", [{ ...lost, projectId: null }]), null);
  assert.equal(of(null, []), null);
  assert.equal(of("/w", [], false), null);
});

pure(
  "nothing but an argument is certain, at most 5 are told, none twice, the last active first",
  () => {
    const session = fc.record({
      id: fc.integer({ min: 1, max: 30 }).map((n) => `ses_${n}`),
      updatedAtMs: fc.option(fc.integer({ min: 0, max: 2000 })),
      directory: fc.constantFrom("/w", "/x"),
      parentId: fc.constantFrom(null, "ses_1"),
      isArchived: fc.boolean(),
    });
    const one = fc.record({
      role: fc.constantFrom(...ROLES),
      directory: fc.constantFrom("/w", "/x", null),
      commandLine: fc.constantFrom(told(""), told("--continue"), told("--session ses_5")),
      isOwn: fc.boolean(),
    });
    fc.assert(fc.property(
      fc.uniqueArray(session, { selector: ({ id }) => id, maxLength: 30 }),
      fc.array(one, { maxLength: 4 }),
      (sessions, some) => {
        const holders = some.map(({ role, ...rest }, i) => holder(`${i}`, role, rest));
        const found = findings(
          sessions.map(({ id, updatedAtMs, ...rest }) => stored(id, updatedAtMs, rest)),
        );
        for (const { id, role, commandLine, directory } of holders) {
          const { sessions: its } = relate(holders, found).get(id)!;
          assert.ok(its.length <= 5);
          assert.equal(new Set(its.map((s) => s.id)).size, its.length);
          for (const { id, certainty, directory: place } of its) {
            if (certainty === "certain") assert.ok(commandLine.includes(id));
            else assert.equal(place, directory);
            if (certainty === "likely") assert.ok(role === "tui" || role === "run");
          }
          const times = its.map((s) => s.updatedAtMs ?? -1);
          assert.deepEqual(times, times.toSorted((a, b) => b - a));
        }
      },
    ));
  },
);

pure("what a session does is said of whoever began it, and idle of all", () => {
  const idle = { kind: "idle" } as const;
  const working = { kind: "working", sinceMs: STARTED_MS } as const;
  const left = { kind: "working", sinceMs: STARTED_MS - 1 } as const;
  const at = STARTED_MS + 5;
  const alone = (work: StoredSession["work"]) =>
    held([holder("tui", "tui")], findings([stored("ses_a", at, { work })])).tui;
  assert.deepEqual(alone(idle), ["likely ses_a false"]);
  assert.deepEqual(alone(working), ["likely ses_a true"]);
  assert.deepEqual(alone(null), ["likely ses_a"]);
  // Whoever began it was killed before this one started.
  assert.deepEqual(alone(left), ["likely ses_a"]);
  const named = holder("tui", "tui", { commandLine: told("-s ses_a") });
  const found = (work: StoredSession["work"]) => findings([stored("ses_a", at, { work })]);
  assert.deepEqual(held([named], found(working)).tui, ["certain ses_a true"]);
  assert.deepEqual(held([named], found(left)).tui, ["certain ses_a"]);
  // Of two nobody knows who began it; that nobody is at it is known.
  const two = [holder("a", "tui"), holder("b", "server")];
  assert.deepEqual(held(two, found(working)), { a: ["shared ses_a"], b: ["shared ses_a"] });
  assert.deepEqual(held(two, found(idle)), {
    a: ["shared ses_a false"],
    b: ["shared ses_a false"],
  });
  // A server knows better what it does, and its list takes nothing away.
  const says = (active: readonly string[]) => {
    const served = {
      sessions: [{ id: "ses_a", title: "T", directory: "/w", updatedAtMs: at }],
      active: new Set(active),
    };
    const all = findings([stored("ses_a", at, { work: idle })], {
      served: new Map([["server", served]]),
    });
    return held([holder("server", "server")], all).server;
  };
  assert.deepEqual(says(["ses_a"]), ["shared ses_a true"]);
  assert.deepEqual(says([]), ["shared ses_a false"]);
});

/** Which instances hold a session that is asked for by its id. */

import assert from "node:assert/strict";
import { holdersOf, lineOf } from "../../src/sessions/holders.ts";
import type { Findings, Holder } from "../../src/sessions/relate.ts";
import { pure } from "../support.ts";
import { findings, holder, STARTED_MS, stored, told } from "./relating.ts";

const LATER = STARTED_MS + 5;

function held(id: string, holders: readonly Holder[], found: Findings): string | null {
  const { certainty, ids } = holdersOf(id, holders, found) ?? {};
  return certainty === undefined ? null : `${certainty} ${ids!.join(" ")}`;
}

const naming = (id: string, role: Holder["role"] = "tui") =>
  holder(id, role, { commandLine: told("--session ses_a") });

function servedBy(id: string, ...ids: readonly string[]): Partial<Findings> {
  const sessions = ids.map((id) => ({ id, title: null, directory: null, updatedAtMs: null }));
  return { served: new Map([[id, { sessions, active: new Set<string>() }]]) };
}

pure("who names it holds it, whatever else may: then who likely does, then who shares it", () => {
  const found = findings([stored("ses_a", LATER)], servedBy("server", "ses_a"));
  const [tui, server] = [holder("tui", "tui"), holder("server", "server", { directory: "/x" })];
  assert.equal(held("ses_a", [tui, naming("named", "attach"), server], found), "certain named");
  assert.equal(held("ses_a", [naming("1"), naming("2")], found), "certain 1 2");
  assert.equal(held("ses_a", [tui, server], found), "likely tui");
  assert.equal(held("ses_a", [tui, holder("b", "tui"), server], found), "shared tui b server");
  assert.equal(held("ses_a", [server], found), "shared server");
  assert.equal(held("ses_a", [holder("other", "tui", { directory: "/x" })], found), null);
  assert.equal(held("ses_b", [tui, server], found), null);
  assert.equal(held("ses_a", [], found), null);
});

pure("its arguments are enough where no database tells of it", () => {
  assert.equal(held("ses_a", [naming("named")], findings([])), "certain named");
  assert.equal(held("ses_a", [naming("named")], findings([], { isWhole: false })), "certain named");
});

pure("one that was active before all others is found too", () => {
  const sessions = Array.from({ length: 20 }, (_, i) => stored(`ses_${i}`, LATER + i));
  assert.equal(held("ses_0", [holder("tui", "tui")], findings(sessions)), "likely tui");
});

pure("what was not active since it started is held by none that goes on with another", () => {
  const found = findings([stored("ses_a", 5), stored("ses_b", 6)]);
  const going = holder("tui", "tui", { commandLine: told("--continue") });
  assert.equal(held("ses_a", [going], found), null);
  assert.equal(held("ses_b", [going], found), "likely tui");
  assert.equal(held("ses_b", [holder("tui", "tui")], found), null);
});

pure("a subagent's is held where the one is that made it", () => {
  const line = [
    stored("ses_c", LATER, { parentId: "ses_b" }),
    stored("ses_b", 7, { parentId: "ses_a" }),
    stored("ses_a", 6),
  ];
  assert.deepEqual(lineOf("ses_c", line).map(({ id }) => id), ["ses_c", "ses_b", "ses_a"]);
  assert.equal(held("ses_c", [holder("tui", "tui")], findings(line)), "likely tui");
  assert.equal(
    held("ses_c", [naming("named"), holder("tui", "tui")], findings(line)),
    [
      "certain named",
    ].join(),
  );
  // Where that is not stored any more, its name and the folder are left.
  const [child, parent] = line as [typeof line[0], typeof line[0]];
  assert.equal(held("ses_b", [naming("named")], findings([parent])), "certain named");
  assert.equal(held("ses_c", [holder("tui", "tui")], findings([child])), "likely tui");
  // One that names itself as what made it ends all the same.
  const ring = stored("ses_r", LATER, { parentId: "ses_r" });
  assert.equal(held("ses_r", [holder("tui", "tui")], findings([ring])), "likely tui");
});

pure("one that was put away is found by its id", () => {
  const away = stored("ses_a", LATER, { isArchived: true });
  assert.equal(held("ses_a", [holder("tui", "tui")], findings([away])), "likely tui");
});

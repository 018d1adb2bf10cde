/** Definitions that several schemas share: the words of the program's types, and the same everywhere. */

import assert from "node:assert/strict";
import type { Ended } from "../../src/follow/series.ts";
import type { Refusal } from "../../src/ending/guard.ts";
import type { AdviceKind, MemoryKind, PurposeKind } from "../../src/detail.ts";
import type { EndOutcome, EndSignal, Hold } from "../../src/ender.ts";
import {
  type Certainty,
  type Conclusion,
  type EvidenceKind,
  type Level,
  type MatchedBy,
  type MemorySource,
  type Missing,
  type Os,
  ROLES,
  type Scope,
} from "../../src/types.ts";
import { pure } from "../support.ts";
import { SCHEMAS } from "./schemas.ts";

/** All words of a type: the type checker sees to it that none lacks and none is too many. */
function words<T extends string>(all: Readonly<Record<T, true>>): string[] {
  return Object.keys(all).sort();
}

/** Why a process that has not ended was not read: readings over time have no others. */
type Unread = Exclude<Missing, "gone" | "zombie">;

/** What a property is a word of: its type is not named by itself. */
type By = Hold["by"];

const WORDS: Readonly<Record<string, readonly string[]>> = {
  role: [...ROLES].sort(),
  level: words<Level>({ normal: true, warning: true, critical: true, unknown: true }),
  missing: words<Missing>({ gone: true, denied: true, zombie: true, unsupported: true }),
  unread: words<Unread>({ denied: true, unsupported: true }),
  matched_by: words<MatchedBy>({ name: true, pattern: true, enumeration: true, pid: true }),
  source: words<MemorySource>({
    task_info: true,
    proc_pid_rusage: true,
    proc_status: true,
    proc_smaps_rollup: true,
  }),
  ended: words<Ended>({ gone: true, reused: true, left: true, interrupted: true }),
  conclusion: words<Conclusion>({ orphan: true, likely: true, possible: true }),
  evidence_kind: words<EvidenceKind>({
    parent_gone: true,
    no_terminal: true,
    opener_dead: true,
    executable_deleted: true,
    age: true,
    no_open_session: true,
  }),
  advice_kind: words<AdviceKind>({
    ...{ resume: true, snapshot: true, copies: true, stop: true, show: true },
  }),
  certainty: words<Certainty>({ certain: true, likely: true, shared: true }),
  outcome: words<EndOutcome>({
    ...{ ended: true, killed: true, gone: true, changed: true, refused: true },
    ...{ still_running: true, dry_run: true },
  }),
  refusal: words<Refusal>({
    ...{ init: true, self: true, ancestor: true, user: true, program: true },
    ...{ zombie: true, system: true },
  }),
  signal: words<EndSignal>({ SIGTERM: true, SIGKILL: true }),
  signalled_by: words<By>({ pidfd: true, pid: true }),
  memory_kind: words<MemoryKind>({
    ...{ anonymous: true, file: true, shared: true, swapped: true, page_tables: true },
    ...{ internal: true, compressed: true, external: true, reusable: true, purgeable: true },
  }),
  purpose_kind: words<PurposeKind>({
    ...{
      mcp: true,
      lsp: true,
      formatter: true,
      shell: true,
      git: true,
      runtime: true,
      other: true,
    },
  }),
  scope: words<Scope>({ process: true, instance: true }),
};

pure("a definition of words has those of its type, no more and no less", () => {
  const seen = new Set<string>();
  for (const [file, { $defs = {} }] of Object.entries(SCHEMAS)) {
    for (const [name, part] of Object.entries($defs)) {
      if (name === "host") {
        const { os } = part.properties ?? {};
        assert.deepEqual([...os?.enum ?? []].sort(), words<Os>({ darwin: true, linux: true }));
      }
      if (!part.enum) continue;
      assert.deepEqual([...part.enum].sort(), WORDS[name], `${name} of ${file}`);
      seen.add(name);
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(WORDS).sort());
});

/** What is of one file: documents and lines have others of the same name. */
const OWN = new Set(["report", "track", "reading", "instance", "process"]);

pure("a definition is the same in every schema that has it", () => {
  const first = new Map<string, unknown>();
  let shared = 0;
  for (const { $defs = {} } of Object.values(SCHEMAS)) {
    for (const [name, part] of Object.entries($defs)) {
      if (OWN.has(name)) continue;
      if (first.has(name)) shared++;
      else first.set(name, part);
      assert.deepEqual(part, first.get(name), name);
    }
  }
  assert.ok(shared > 20);
});

pure("every definition is used", () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    const text = JSON.stringify(schema);
    for (const key of Object.keys(schema.$defs ?? {})) {
      assert.ok(text.includes(`"#/$defs/${key}"`), `${key} of ${name}`);
    }
  }
});

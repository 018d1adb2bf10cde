/** What is to be ended: the named processes, and what is below each of them. */

import type { Look } from "../look.ts";
import type { Instance, Member, Probe, Sample } from "../types.ts";
import { callerOf, type Refusal, refusalOf, userOf } from "./guard.ts";

/** A process to end. */
export interface Target {
  readonly member: Member;
  readonly instance: Instance;
  /** The named process that it goes with: its own pid if it is named itself. */
  readonly top: number;
  /** null: not read. */
  readonly footprintBytes: number | null;
  /** Why it is not ended, as far as it is known before. */
  readonly refusal: Refusal | null;
}

export interface EndPlan {
  /** In tree order. */
  readonly targets: readonly Target[];
  /** Pids that are no process of OpenCode. */
  readonly strangers: readonly number[];
}

/** The plan for these pids. `only`: without what is below them. */
export function planOf(
  look: Look,
  probe: Probe,
  pids: readonly number[],
  only: boolean,
): EndPlan {
  const named = new Set(pids);
  const caller = callerOf(probe, probe.processTable());
  const targets: Target[] = [];
  const seen = new Set<number>();
  for (const { instance, samples } of look.found) {
    /** Named processes above the one that is looked at, the nearest last. */
    let above: Member[] = [];
    for (const [i, member] of instance.members.entries()) {
      const { pid } = member.info.key;
      above = above.filter(({ depth }) => depth < member.depth);
      const isNamed = named.has(pid);
      if (isNamed) above.push(member);
      const top = above.at(-1)?.info.key.pid;
      if (top === undefined || (only && !isNamed) || seen.has(pid)) continue;
      seen.add(pid);
      const { info, executable } = member;
      const refusal = refusalOf({ info, uid: userOf(probe, info), executable }, caller);
      targets.push({ member, instance, top, footprintBytes: bytesOf(samples[i]!), refusal });
    }
  }
  // Where a named process stays, what is below it is left to it.
  const staying = new Set(
    targets.filter(({ refusal, member, top }) =>
      refusal !== null && refusal !== "zombie" && member.info.key.pid === top
    ).map(({ top }) => top),
  );
  return {
    targets: targets.filter(({ member, top }) => member.info.key.pid === top || !staying.has(top)),
    strangers: [...named].filter((pid) => !seen.has(pid)),
  };
}

function bytesOf(sample: Sample): number | null {
  return "reading" in sample ? sample.reading.footprintBytes : null;
}

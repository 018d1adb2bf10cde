/** Checks of the platform: what the system tells of this very process, of which the truth is known. */

import { isExpected } from "../errors.ts";
import type { Probe, ProcessInfo } from "../types.ts";
import type { World } from "../world.ts";
import type { Check, Host } from "./findings.ts";
import { checkSources } from "./sources.ts";

/**
 * A start may seem so much later than it was: Linux counts it in ticks of 10 ms from the boot, whose
 * time is the difference of two clocks that are read one after the other.
 */
const CLOCK_GRANULARITY_MS = 20;
/**
 * A runtime may begin so long after its process, which loads it from a slow disk, or was a script that
 * became it (exec). A wrong unit or a wrong clock is off by hours.
 */
const LONGEST_LOADING_MS = 60_000;

/** The machine's processes, once they could be asked for something. */
export interface Opened {
  readonly probe: Probe;
  readonly host: Host;
}

/** Opens the library, and asks what no run can do without. */
export function openLibrary(
  world: Pick<World, "openProbe">,
): { readonly check: Check; readonly opened: Opened | null } {
  const name = "Library opened";
  let probe: Probe | null = null;
  try {
    probe = world.openProbe();
    const { os, arch } = probe;
    const host = { os, arch, memoryBytes: probe.memoryBytes() };
    const { length } = probe.processTable().pids;
    const processes = length === 1 ? "1 process" : `${length} processes`;
    const detail = `The C library of ${os} on ${arch} lists ${processes}`;
    return { check: { name, passed: true, detail }, opened: { probe, host } };
  } catch (error) {
    probe?.[Symbol.dispose]();
    if (!isExpected(error)) throw error;
    return { check: { name, passed: false, detail: error.message }, opened: null };
  }
}

/** Every check of what the system tells of this process. */
export function checkOwn(
  probe: Probe,
  own: ProcessInfo | null,
  world: Pick<World, "args" | "startedAtMs" | "nowMs">,
): Check[] {
  const listed: Check = {
    name: "Own process listed",
    passed: own !== null,
    detail: `Process ${probe.ownPid} is ${own ? "" : "not "}in the process table`,
  };
  if (own === null) return [listed];
  return [
    listed,
    ...checkSources(probe, own),
    checkArguments(probe, own, world.args),
    checkStart(own, world),
  ];
}

/**
 * What the system shows ends with what the runtime was given; before that come the runtime and its
 * own arguments. No argument is quoted: it may be a secret.
 */
function checkArguments(probe: Probe, own: ProcessInfo, given: readonly string[]): Check {
  const name = "Own arguments read back";
  const argv = probe.commandLine(own);
  if (typeof argv === "string") {
    return { name, passed: false, detail: `The system does not tell them (${argv})` };
  }
  const before = argv.length - given.length;
  const shown = `The system shows ${argv.length}`;
  if (before < 1) {
    return {
      name,
      passed: false,
      detail: `${shown}, expected more than the ${given.length} given`,
    };
  }
  const differs = given.findIndex((argument, i) => argv[before + i] !== argument);
  const detail = differs < 0
    ? `which end exactly with the ${given.length} given`
    : `but of the ${given.length} given, number ${differs + 1} is not there as it was given`;
  return { name, passed: differs < 0, detail: `${shown}, ${detail}` };
}

/** The runtime's start is known from another clock than the system's. */
function checkStart(
  { startedAtMs }: ProcessInfo,
  world: Pick<World, "startedAtMs" | "nowMs">,
): Check {
  const loadingMs = Math.round(world.startedAtMs - startedAtMs);
  const passed = loadingMs >= -CLOCK_GRANULARITY_MS && loadingMs <= LONGEST_LOADING_MS &&
    startedAtMs <= world.nowMs() + CLOCK_GRANULARITY_MS;
  const when = `${Math.abs(loadingMs)} ms ${loadingMs < 0 ? "after" : "before"} its runtime`;
  const at = new Date(startedAtMs).toISOString();
  return { name: "Own start time", passed, detail: `The process started at ${at}, ${when}` };
}

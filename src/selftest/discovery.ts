/** What of OpenCode runs here, and which of it to track. */

import type { Look, Looked } from "../look.ts";
import type { ProcessInfo, Role } from "../types.ts";
import type { Check, DiscoveryFindings, FoundInstance } from "./findings.ts";

/** A process to track; without a role it is this tool itself. */
export interface Subject {
  readonly process: ProcessInfo;
  readonly role: Role | null;
}

/** Every instance of a look, and whether this tool counted itself. */
export function describe({ found, scanned, unreadable }: Look, ownPid: number): DiscoveryFindings {
  const members = found.flatMap(({ instance }) => instance.members);
  const passed = members.every(({ info }) => info.key.pid !== ownPid);
  const not: Check = {
    name: "This tool left out",
    passed,
    detail: `Process ${ownPid} is ${passed ? "not " : ""}among those of OpenCode`,
  };
  return { scanned, unreadable, instances: found.map(foundInstance), checks: [not] };
}

function foundInstance({ instance, samples }: Looked): FoundInstance {
  const { id, main, directory, members } = instance;
  const footprints = samples.flatMap((one) => "reading" in one ? [one.reading.footprintBytes] : []);
  return {
    id,
    role: main.role,
    pid: main.info.key.pid,
    matchedBy: main.matchedBy,
    directory,
    processes: members.length,
    footprintBytes: footprints.length > 0 ? footprints.reduce((a, b) => a + b) : null,
  };
}

/** The largest main process that can be read, or null if there is none. */
export function largestOf({ found }: Look): Subject | null {
  let largest: Subject | null = null;
  let most = -1;
  for (const { instance: { main, members }, samples } of found) {
    const sample = samples[members.indexOf(main)];
    if (!sample || "missing" in sample || sample.reading.footprintBytes <= most) continue;
    most = sample.reading.footprintBytes;
    largest = { process: main.info, role: main.role };
  }
  return largest;
}

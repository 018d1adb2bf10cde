/** Looks as a server's stream tells of them. */

import type { Happening } from "../../src/page/client/history.js";
import type { Look } from "../../src/page/client/merge.js";
import { INTERVAL_MS, iso, PROCESSES, type Seen, START, totalOf, type Who } from "./documents.ts";

/** A look as the stream tells of it. */
export function messageOf(
  { at, isGap = false, bytes }: Seen,
  events: readonly Happening[] = [],
): Look {
  const there = PROCESSES.map((who, i) => ({ who, bytes: bytes[i] }))
    .filter((one): one is { who: Who; bytes: number | null } => one.bytes !== undefined);
  const about = ({ pid, role, name }: Who) => ({
    key: `${pid}-17@6f2c`,
    ...{ pid, role, name },
    started_at: iso(START - 5000),
  });
  const ids = [...new Set(there.map(({ who }) => who.instance))];
  const instances = ids.map((id) => {
    const own = there.filter(({ who }) => who.instance === id);
    const main = PROCESSES.find(({ pid }) => pid === id)!;
    return {
      ...about(main),
      id: `${id}-17`,
      host: "mybox",
      cwd: "/home/ann/web",
      bytes: totalOf(own.map((one) => one.bytes)) ?? null,
      processes: own.map(({ who, bytes }) => ({
        ...about(who),
        ppid: 1,
        command_line: [who.name],
        bytes,
      })),
    };
  });
  return {
    at,
    level: "normal",
    interval_ms: INTERVAL_MS,
    is_gap: isGap,
    instances,
    events: [...events],
  };
}

/** The memory of a Linux process by kind, from the text of /proc/PID/status. Pure. */

import type { MemoryPart } from "../detail.ts";
import type { Missing } from "../types.ts";
import { kibibytes, parseStatus } from "./linux_abi.ts";

/**
 * Lines of proc_pid_status(5), and whether parseStatus counts them into the footprint. RssAnon, RssFile
 * and RssShmem are the resident size. VmPTE is memory of the kernel's, for the process.
 */
const LINES = [
  { name: "RssAnon", kind: "anonymous", inFootprint: true },
  { name: "RssShmem", kind: "shared", inFootprint: true },
  { name: "VmSwap", kind: "swapped", inFootprint: true },
  { name: "RssFile", kind: "file", inFootprint: false },
  { name: "VmPTE", kind: "page_tables", inFootprint: false },
] as const;

/**
 * The parts that the kernel tells, or why there are none: then there is no footprint either, of which
 * those that count into it are the sum.
 */
export function partsOf(status: string): readonly MemoryPart[] | Missing {
  const reading = parseStatus(status);
  if (typeof reading === "string") return reading;
  return LINES.flatMap(({ name, kind, inFootprint }) => {
    const bytes = kibibytes(status, name);
    return bytes === null ? [] : [{ kind, bytes, inFootprint }];
  });
}

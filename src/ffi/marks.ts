/**
 * OpenCode's marks, and launchd's, in the bytes of an environment. This is the only place that looks at environments;
 * what leaves it is a pid and booleans, never text.
 */

import type { Marks } from "../types.ts";
import { cString, decodeText } from "./struct.ts";

const PID = cString("OPENCODE_PID=").slice(0, -1);
const BE_BUN = cString("BUN_BE_BUN=1");
const JOB = cString("XPC_SERVICE_NAME=").slice(0, -1);
/** Outside of jobs; and an app's, which everything in its terminals inherits. */
const NO_JOB = ["0\0", "\0", "application."].map((text) => cString(text).slice(0, -1));

/** The marks in a block of NUL-terminated `NAME=value` entries. */
export function readMarks(environment: Uint8Array): Marks {
  let openCodePid: number | null = null;
  let runsAsBun = false;
  for (let from = 0; from < environment.length;) {
    const nul = environment.indexOf(0, from);
    const end = nul < 0 ? environment.length : nul;
    if (nul >= 0 && startsWith(environment, from, PID)) {
      openCodePid ??= pidOf(environment.subarray(from + PID.length, end));
    } else if (startsWith(environment, from, BE_BUN)) runsAsBun = true;
    from = end + 1;
  }
  return { openCodePid, runsAsBun };
}

/** Whether launchd named the job that this is the environment of, or that it was inherited from. */
export function isLaunchdJob(environment: Uint8Array): boolean {
  for (let from = 0; from < environment.length;) {
    const nul = environment.indexOf(0, from);
    // What has no end is no entry.
    if (nul < 0) return false;
    if (startsWith(environment, from, JOB)) {
      const value = from + JOB.length;
      return !NO_JOB.some((none) => startsWith(environment, value, none));
    }
    from = nul + 1;
  }
  return false;
}

function startsWith(bytes: Uint8Array, from: number, prefix: Uint8Array): boolean {
  if (from + prefix.length > bytes.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return false;
  return true;
}

function pidOf(digits: Uint8Array): number | null {
  if (digits.length === 0 || digits.length > 10) return null;
  const text = decodeText(digits);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : null;
}

/** What ends processes on request: the nouns. */

import type { Missing } from "./types.ts";

/** Signals that end a process: it is asked to, or it is not. */
export type EndSignal = "SIGTERM" | "SIGKILL";

/**
 * What a signal goes to: the process itself, which no other can take the place of (`pidfd`), or whoever
 * has its number (`pid`).
 */
export interface Hold extends Disposable {
  readonly by: "pidfd" | "pid";
  /** Sends a signal. null: it was sent; else why not. */
  send(signal: EndSignal): Missing | null;
}

/** What ends processes on request. Opened for that alone. */
export interface Ender extends Disposable {
  /** The pid of this tool as the system counts that takes its signals. */
  readonly ownPid: number;
  /** Takes hold of a process, or says why not. Sends nothing. */
  hold(pid: number): Hold | Missing;
}

/**
 * What has become of a process: it has `ended` once it was asked to, or what it belonged to was; was
 * `killed`; was `gone` before; is `changed`, another process or program now; is `refused`; or is
 * `still_running`. `dry_run`: nothing was tried.
 */
export type EndOutcome =
  | "ended"
  | "killed"
  | "gone"
  | "changed"
  | "refused"
  | "still_running"
  | "dry_run";

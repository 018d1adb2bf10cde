/** The nouns of ocmem, and the interface to a machine's processes, `Probe`. */

import type { MemoryPart, Port } from "./detail.ts";

/**
 * Identity of a process. A pid alone recurs; `started` is an opaque token that differs between two
 * processes that had the same pid since the machine booted.
 */
export interface ProcessKey {
  readonly pid: number;
  readonly started: string;
}

/** One row of the process table: what the system tells of every process at the lowest cost. */
export interface ProcessInfo {
  readonly key: ProcessKey;
  readonly ppid: number;
  /** The kernel's short name, cut to 15 bytes (Linux) or 16 (macOS). Any text: processes choose it. */
  readonly name: string;
  /** Effective user, or null where the table does not say (Linux tells it with the memory). */
  readonly uid: number | null;
  /** Start, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Ended, and not yet reaped by its parent: holds no memory any more. */
  readonly zombie: boolean;
}

/** What the system tells at the lowest cost of who a process is: its executable's path, or its name. */
export type Hint = { readonly path: string } | { readonly name: string };

/** The process table at one moment. Where a row is dear, it is read when it is asked for. */
export interface ProcessTable {
  /** Every process that the system shows. */
  readonly pids: readonly number[];
  /** Processes that were asked for and that the system hides. */
  readonly unreadable: number;
  /** The row of a process, or undefined if it is gone, hidden, or not of this table. */
  get(pid: number): ProcessInfo | undefined;
  /** Who a process is, as far as it is cheap to tell, or null if it is gone or hidden. */
  hint(pid: number): Hint | null;
  /** The processes whose parent this one is. */
  children(pid: number): readonly number[];
}

/**
 * Why there is no reading: the process ended (`gone`), belongs to somebody else (`denied`), ended but
 * was not reaped (`zombie`), or the system has no such figure (`unsupported`).
 */
export type Missing = "gone" | "denied" | "zombie" | "unsupported";

/** The call or file that a reading came from. */
export type MemorySource = "task_info" | "proc_pid_rusage" | "proc_status" | "proc_smaps_rollup";

/** One reading of a process's memory, in bytes. null: this source does not tell it. */
export interface Reading {
  /** What the process makes the machine hold: Darwin's phys_footprint, or its nearest on Linux. */
  readonly footprintBytes: number;
  /** Pages of it in RAM now, shared ones included. */
  readonly residentBytes: number;
  /** Highest so far: of the footprint on macOS, of the resident size on Linux. */
  readonly peakBytes: number | null;
  /** Compressed or swapped out. */
  readonly swappedBytes: number | null;
  /** Proportional set size: shared pages divided among their users. Only when asked for; Linux. */
  readonly pssBytes: number | null;
  /** Unique set size: pages that no other process shares. Only when asked for; Linux. */
  readonly ussBytes: number | null;
  readonly source: MemorySource;
  /** Effective user of the process, where this source tells it. */
  readonly uid: number | null;
}

/** What one source by itself tells of a process's memory. */
export interface SourceReading {
  readonly source: MemorySource;
  readonly reading: Reading | Missing;
}

/** A reading, or why there is none. A failed reading is never 0 bytes. */
export type Sample =
  | { readonly key: ProcessKey; readonly atMs: number; readonly reading: Reading }
  | { readonly key: ProcessKey; readonly atMs: number; readonly missing: Missing };

/** What OpenCode leaves in the environment of processes. Nothing else of an environment is ever read out. */
export interface Marks {
  /** `OPENCODE_PID`: the OpenCode process that started this one, directly or not. */
  readonly openCodePid: number | null;
  /** `BUN_BE_BUN=1`: OpenCode's executable acting as a plain JavaScript runtime. */
  readonly runsAsBun: boolean;
}

/** How a process stands in the system. null: the system does not tell. */
export interface Standing {
  /** Whether it has a controlling terminal. */
  readonly hasTerminal: boolean | null;
  /** Whether a service manager says that it is one of its own: systemd, launchd. */
  readonly isService: boolean | null;
}

export type Os = "darwin" | "linux";

export interface Machine {
  /** Its name in the network, or "" if the system does not tell. Any text. */
  readonly name: string;
  /** Opaque, another one after each start: with it a ProcessKey names a process for ever. */
  readonly boot: string;
}

/** A machine's processes. One per platform; nothing above it knows which. */
export interface Probe extends Disposable {
  readonly os: Os;
  readonly arch: string;
  /** The pid of this tool, which never counts itself. */
  readonly ownPid: number;
  /** The machine's memory in bytes. */
  memoryBytes(): number;
  /** Which machine this is, and which of its starts. */
  machine(): Machine;
  /** Every process that the system shows. Throws only if there is no table at all. */
  processTable(): ProcessTable;
  /** The path of the running executable, or null if the system does not tell. */
  executable(pid: number): string | null;
  /** The whole argument vector (empty arguments kept), or why it can't be read. */
  commandLine(process: ProcessInfo): readonly string[] | Missing;
  /** The working directory, or null if the system does not tell. */
  directory(pid: number): string | null;
  /** OpenCode's marks in the environment, or null if it can't be read. */
  marks(pid: number): Marks | null;
  /** How a process stands in the system, or null if it is gone. */
  standing(process: ProcessInfo): Standing | null;
  /** The memory of a process, or why it can't be read. `exact` asks for PSS and USS too. */
  memory(process: ProcessInfo, options: { readonly exact: boolean }): Reading | Missing;
  /** The memory of a process by kind, or why it can't be read. */
  memoryParts(process: ProcessInfo): readonly MemoryPart[] | Missing;
  /** Where a process listens, or null if the system does not tell. */
  ports(pid: number): readonly Port[] | null;
  /** The memory of a process by each source of this platform by itself, for the self-test. */
  readings(process: ProcessInfo): readonly SourceReading[];
}

/**
 * What a process is to OpenCode. Sessions: `tui`, `server`, `acp`, `run`, `attach`, `desktop`, `cli`
 * (another subcommand), `unknown` (OpenCode, but its arguments can't be read). Around them: `launcher`
 * (the wrapper that started it), `helper` (OpenCode's executable as a plain JavaScript runtime),
 * `child` (MCP and LSP servers, shells, …), `orphan` (a child whose OpenCode is dead), `zombie`.
 * Asked for by the user: `match` (--match), `pid` (--pid).
 */
export const ROLES = [
  ...["tui", "server", "acp", "run", "attach", "desktop", "cli", "unknown"] as const,
  ...["launcher", "helper", "child", "orphan", "zombie"] as const,
  ...["match", "pid"] as const,
] as const;

export type Role = typeof ROLES[number];

/**
 * How a process was found: its `name` or its executable's name says so; its command line fits the
 * user's `pattern`; by `enumeration` of all processes (tree, path or mark leads to OpenCode); by `pid`.
 */
export type MatchedBy = "name" | "pattern" | "enumeration" | "pid";

/** A process of an instance. */
export interface Member {
  readonly info: ProcessInfo;
  readonly role: Role;
  readonly matchedBy: MatchedBy;
  /** Steps below the root of its instance. */
  readonly depth: number;
  readonly executable: string | null;
  /** null: the system does not tell. */
  readonly commandLine: readonly string[] | null;
}

/** A root and its tree. Every process belongs to one instance at most. */
export interface Instance {
  /** Names this instance as long as it lives: pid and start of its main process. */
  readonly id: string;
  /** The process that gives the instance its role and directory. */
  readonly main: Member;
  readonly directory: string | null;
  /** In tree order, the root first. */
  readonly members: readonly Member[];
}

/** What speaks for a process being left behind. */
export type EvidenceKind =
  | "parent_gone"
  | "no_terminal"
  | "opener_dead"
  | "executable_deleted"
  | "age"
  | "no_open_session";

/** One thing that speaks for it, in words. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly detail: string;
}

/** How sure it is that a process is left behind. Never a proof: each means "may be". */
export type Conclusion = "orphan" | "likely" | "possible";

export type Level = "normal" | "warning" | "critical" | "unknown";
export type Scope = "process" | "instance";

/** Limits in bytes. A value equal to a limit is not over it. */
export interface Limits {
  readonly warningBytes: number;
  readonly criticalBytes: number;
}

export interface Thresholds extends Limits {
  /** What is compared: each process, or the total of each instance. */
  readonly scope: Scope;
  /** Limits of processes, or of instances, of a role, in the place of the general ones. */
  readonly roles?: Readonly<Partial<Record<Role, Limits>>>;
}

/** Why a verdict is what it is. */
export type Because =
  | { readonly kind: "within"; readonly limitBytes: number; readonly footprintBytes: number }
  | {
    readonly kind: "over";
    readonly limit: "warning" | "critical";
    readonly limitBytes: number;
    readonly footprintBytes: number;
  }
  | { readonly kind: "unread"; readonly missing: Missing }
  | { readonly kind: "partly"; readonly unread: number; readonly footprintBytes: number }
  | { readonly kind: "process"; readonly pid: number; readonly because: Because };

export interface Verdict {
  readonly level: Level;
  readonly because: Because;
}

/**
 * How sure it is that an instance holds a session: its own arguments name it (`certain`); it was active
 * in the instance's directory since the instance started, and no other instance is there (`likely`); or
 * others may hold it as well (`shared`), as with a server, which has sessions of many directories.
 */
export type Certainty = "certain" | "likely" | "shared";

/** A session that an instance may hold. null: not told. */
export interface HeldSession {
  readonly id: string;
  readonly title: string | null;
  readonly directory: string | null;
  readonly certainty: Certainty;
  /** Last activity, in milliseconds since 1970. */
  readonly updatedAtMs: number | null;
  readonly busy: boolean | null;
}

/** What OpenCode calls a project. */
export interface Project {
  readonly id: string;
  readonly worktree: string | null;
}

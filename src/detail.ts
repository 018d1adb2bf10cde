/**
 * The nouns of a closer look: memory by kind, ports, what a process around a session is for, what to do
 * about it. They belong to the interfaces of types.ts.
 */

/**
 * Kinds of memory. Linux: `anonymous`, `file`, `shared` (in RAM, of the resident size), `swapped`,
 * `page_tables`. macOS: `internal`, `compressed`, `purgeable`, `external`, `reusable`.
 */
export type MemoryKind =
  | "anonymous"
  | "file"
  | "shared"
  | "swapped"
  | "internal"
  | "compressed"
  | "external"
  | "reusable"
  | "purgeable"
  | "page_tables";

/** How much of one kind a process holds. */
export interface MemoryPart {
  readonly kind: MemoryKind;
  readonly bytes: number;
  /** Whether it counts into the footprint. */
  readonly inFootprint: boolean;
}

/** Where a process takes connections over TCP. */
export interface Port {
  /** As text: `127.0.0.1`, `::`. */
  readonly address: string;
  readonly port: number;
}

/**
 * What a process around a session is for: an MCP server, a language server, a formatter, the shell of a
 * tool, git, OpenCode's executable as a runtime of something else, or nobody knows. What runs below a
 * child of the session is for the same as that child.
 */
export type PurposeKind = "mcp" | "lsp" | "formatter" | "shell" | "git" | "runtime" | "other";

export interface Purpose {
  readonly kind: PurposeKind;
  /** Of an MCP server: as the configuration calls it. Of others: the program's usual name. null: not known. */
  readonly name: string | null;
  /** What a language server is for, such as `TypeScript`; null for others. */
  readonly language: string | null;
  /**
   * What the shell of a tool was told to run, as one line. Of others null with a process, whose command
   * line stands there; with a group how the oldest was started. null: not known, too.
   */
  readonly command: string | null;
}

/** Children of a session that are for the same. */
export interface PurposeGroup {
  /** Of the oldest of them. */
  readonly purpose: Purpose;
  readonly count: number;
  /** Of them and of all below them that could be read; null if none could. */
  readonly footprintBytes: number | null;
}

/** What can be done about a process that is over a limit. */
export type AdviceKind = "resume" | "snapshot" | "copies" | "stop" | "show";

export interface Advice {
  readonly kind: AdviceKind;
  /** A sentence. */
  readonly text: string;
  /** What to type, for a POSIX shell; null if there is nothing to type. */
  readonly command: string | null;
}

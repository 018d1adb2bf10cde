/** The commands as one table: flags, help and what runs them. Data: nothing here loads a parser. */

import { check } from "./commands/check.ts";
import { limitParser, parsePid } from "./commands/flags.ts";
import { list } from "./commands/list.ts";

// Defaults are applied by the commands: stricli would parse each of them at every start.
const scanFlags = {
  format: { kind: "enum", values: ["text", "json"], optional: true, brief: "Output format (text)" },
  json: { kind: "boolean", optional: true, withNegated: false, brief: "Short for --format json" },
  pid: {
    kind: "parsed",
    parse: parsePid,
    variadic: true,
    optional: true,
    placeholder: "N",
    brief: "Only this process, OpenCode or not (repeatable)",
  },
  match: {
    kind: "parsed",
    parse: String,
    optional: true,
    placeholder: "REGEX",
    brief: "Add processes whose whole command line matches (RE2 syntax)",
  },
  exact: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Add PSS and USS (Linux; slow: stalls large processes for milliseconds)",
  },
  wide: { kind: "boolean", optional: true, withNegated: false, brief: "Text as wide as it takes" },
  color: {
    kind: "enum",
    values: ["auto", "always", "never"],
    optional: true,
    brief: "Colour text (auto)",
  },
  "show-secrets": {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Show arguments that look like keys and passwords",
  },
} as const;

const checkFlags = {
  warning: {
    kind: "parsed",
    parse: limitParser("--warning"),
    optional: true,
    placeholder: "LIMIT",
    brief: "Warn above this footprint: 2GiB, 500MB, bytes or 75% of memory (2GiB)",
  },
  critical: {
    kind: "parsed",
    parse: limitParser("--critical"),
    optional: true,
    placeholder: "LIMIT",
    brief: "Critical above this footprint (4GiB)",
  },
  scope: {
    kind: "enum",
    values: ["process", "instance"],
    optional: true,
    brief: "Compare each process, or each instance's total (process)",
  },
  none: {
    kind: "enum",
    values: ["ok", "warning", "critical", "unknown"],
    optional: true,
    brief: "Verdict when no OpenCode is running (ok)",
  },
  quiet: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Print nothing while all is well",
  },
  ...scanFlags,
} as const;

/** Every command. `flags` and `docs` are what stricli's buildCommand takes. */
export const COMMANDS = {
  check: {
    run: check,
    flags: checkFlags,
    docs: {
      brief: "Judge the memory of OpenCode's processes (the default command)",
      customUsage: ["[--warning LIMIT] [--critical LIMIT] [--quiet] [--json] [FLAGS]"],
      fullDescription: [
        "Finds OpenCode's processes, reads the memory they really hold, and compares it with limits:",
        "warning above 2 GiB, critical above 4 GiB. The exit code is the verdict.",
        "",
        "EXAMPLES",
        "  ocmem check --warning 1GiB --critical 25%",
        "  ocmem check --json --scope instance | jq '.instances[].footprint_bytes'",
        "",
        "EXIT CODES",
        "  0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (no reading, wrong arguments, failure)",
      ].join("\n"),
    },
  },
  list: {
    run: list,
    flags: scanFlags,
    docs: {
      brief: "Show OpenCode's processes and their memory, without a verdict",
      customUsage: ["[--json] [--wide] [FLAGS]"],
      fullDescription: [
        "Shows every OpenCode instance as a tree: launcher, session, helpers and other children.",
        "",
        "EXAMPLES",
        "  ocmem list --wide",
        "  ocmem list --json | jq -r '.instances[] | [.id, .role, .cwd] | @tsv'",
        "",
        "EXIT CODES",
        "  0 done, 64 wrong arguments, 69 processes can't be read, 70 bug, 74 output can't be written",
      ].join("\n"),
    },
  },
} as const;

export type CommandName = keyof typeof COMMANDS;

/** What help and the manual page say of each command. Loaded when somebody asks. */

import type { CommandName } from "./command_table.ts";
import { ORPHANS_DOCS } from "./docs_orphans.ts";
import { SHOW_DOCS } from "./docs_show.ts";
import { STOP_DOCS } from "./docs_stop.ts";

/** What the help of a command and its manual page say. */
export interface CommandDocs {
  readonly brief: string;
  /** Command lines that use it, without its name. */
  readonly customUsage: readonly string[];
  readonly description: readonly string[];
  /** Two command lines as they are typed. */
  readonly examples: readonly string[];
  /** Exit codes, and what they mean. */
  readonly exitCodes: readonly string[];
}

export const DOCS: Readonly<Record<CommandName, CommandDocs>> = {
  check: {
    brief: "Judge the memory of OpenCode's processes (the default command)",
    customUsage: ["[--warning LIMIT] [--critical LIMIT] [--quiet] [--format FORMAT] [FLAGS]"],
    description: [
      "Finds OpenCode's processes, reads the memory they really hold, and compares it with limits:",
      "warning above 2 GiB, critical above 4 GiB. The exit code is the verdict. --role and --project",
      "choose what is judged; --sort and --top change what is shown, never the verdict. Below what",
      "is over a limit stands what to do about it, with commands that can be pasted into a shell.",
    ],
    examples: [
      "ocmem check --warning 1GiB --critical 25%",
      "ocmem check --json --scope instance | jq '.instances[].footprint_bytes'",
    ],
    exitCodes: [
      "0 OK, 1 WARNING, 2 CRITICAL,",
      "3 UNKNOWN (no reading, out of time, wrong arguments, failure)",
    ],
  },
  list: {
    brief: "Show OpenCode's processes and their memory, without a verdict",
    customUsage: ["[--format FORMAT] [--wide] [FLAGS]"],
    description: [
      "Shows every OpenCode instance as a tree: launcher, session, helpers and other children; below it",
      "the sessions that it may hold, with how sure that is: certain (its arguments say so), likely,",
      "or shared. They come from OpenCode's database, which is only read, and from its servers. Then",
      "what runs around it: MCP servers by their names in OpenCode's configuration, language servers,",
      "shells with their commands, formatters; copies of the same are counted in one line.",
      "--role and --project choose among them; --sort and --top change what is shown.",
    ],
    examples: [
      "ocmem list --wide",
      "ocmem list --json | jq -r '.instances[] | [.id, .role, .cwd] | @tsv'",
    ],
    exitCodes: [
      "0 done, 64 wrong arguments, 69 processes can't be read, 70 bug,",
      "73 --output can't be created, 74 output can't be written, 78 wrong options file",
    ],
  },
  track: {
    brief: "Follow memory for a while: statistics, growth, time to the limits",
    customUsage: [
      "[--pid N | --match REGEX | --session ID] [--duration TIME] [--interval TIME] [FLAGS]",
    ],
    description: [
      "Reads every chosen process at even times (default: all of OpenCode's, every second for 10 s).",
      "Then shows, for each process and each instance: minimum, maximum, mean, median, 95th",
      "percentile, standard deviation, growth, a slope that outliers don't move, and when it is over",
      "the limits if it goes on so. Ctrl-C ends it early and keeps what was read. --session follows",
      "what holds a session of OpenCode, as list shows it.",
    ],
    examples: [
      "ocmem track --duration 60s --interval 5s",
      "ocmem track --json | jq '.series[] | {pid, growth: .stats.growth_bytes}'",
    ],
    exitCodes: [
      "0 done, 64 wrong arguments, 69 nothing to track, 70 bug, 73 --output can't be created,",
      "74 output or --record can't be written, 78 wrong options file,",
      "129, 130, 143 ended early by SIGHUP, SIGINT, SIGTERM",
    ],
  },
  watch: {
    brief: "Watch memory and tell of events: over a limit, growing, gone",
    customUsage: ["[--interval TIME] [--count N] [--notify] [--exec CMD] [FLAGS]"],
    description: [
      "Looks at OpenCode's processes every minute and tells what happens: found, gone, level (over a",
      "limit, and back), reminder, growth (a leak is suspected), duplicates (one helper many times),",
      "stopped (--on-critical), gap (the machine slept). On a terminal a live screen (q quits, r looks at once), elsewhere a",
      "line an event.",
    ],
    examples: [
      "ocmem watch --interval 10s --warning 1GiB --notify",
      "ocmem watch --exec 'echo \"$OCMEM_EVENT $OCMEM_PID $OCMEM_MESSAGE\" >> events.txt'",
    ],
    exitCodes: [
      "0 ended (by --count, q, SIGINT, SIGTERM or a closed pipe), 64 wrong arguments,",
      "69 processes can't be read, or a named one is not there, 70 bug,",
      "74 output can't be written, 78 wrong options file",
    ],
  },
  history: {
    brief: "Show what was recorded: a chart, peaks, growth, time above the limits",
    customUsage: ["[--since WHEN] [--until WHEN] [--html FILE] [FLAGS]"],
    description: [
      "Shows what watch --record, track --record and serve --record have kept: of each instance and",
      "process peak, mean, growth, time above each limit and alerts, and a chart of the total. Every",
      "reading is kept for 30 days, minimum, mean and maximum of each hour for a year, peaks and",
      "events for ever. --html writes a page to look into: one file, which asks for nothing.",
    ],
    examples: [
      "ocmem history --since 7d --role tui --html week.html",
      "ocmem history --json | jq '.instances[] | {pid, cwd, peak: .stats.max_bytes}'",
    ],
    exitCodes: [
      "0 done, 64 wrong arguments, 69 there is no history, 70 bug,",
      "73 --output or --html can't be created, 74 the history can't be read, or output can't be",
      "written, 78 wrong options file",
    ],
  },
  serve: {
    brief: "Show a live page, and answer Prometheus, on an address of this machine",
    customUsage: ["[--listen ADDRESS] [--token TOKEN] [--interval TIME] [--record] [FLAGS]"],
    description: [
      "Watches as ocmem watch does and serves a live page at /, /api/report, /api/history, /metrics",
      "(Prometheus) and /healthz (200, or 503 when critical or unknown). For this machine alone;",
      "another address needs a token. Command lines are shown only with a token.",
    ],
    examples: [
      "ocmem serve --record",
      "OCMEM_TOKEN=$(cat ~/.ocmem-token) ocmem serve --listen 0.0.0.0:4097",
    ],
    exitCodes: [
      "0 ended by a signal, or with all processes of --pid, 64 wrong arguments,",
      "69 nobody can listen there, or processes can't be read, 70 bug,",
      "74 output can't be written, 78 wrong options file",
    ],
  },
  orphans: ORPHANS_DOCS,
  stop: STOP_DOCS,
  show: SHOW_DOCS,
  selftest: {
    brief: "Show that ocmem works on this machine, and what it costs",
    customUsage: ["[--duration TIME] [--json]"],
    description: [
      "Checks the platform, discovers processes, tracks memory, and tests the limits; on itself if no",
      "OpenCode is running. Then it says what it costs.",
    ],
    examples: ["ocmem selftest --duration 2s", "ocmem selftest --json | jq .passed"],
    exitCodes: [
      "0 passed, 1 failed, 64 wrong arguments, 70 bug, 73 --output can't be created,",
      "74 output can't be written",
    ],
  },
  config: {
    brief: "Show the options in effect, and where each comes from",
    customUsage: ["[--json]"],
    description: [
      "Options come from flags, else from variables (OCMEM_WARNING for --warning), else from the file",
      "$XDG_CONFIG_HOME/ocmem/config.jsonc (~/.config/ocmem/config.jsonc), else they are defaults.",
      "In the file a key is a flag without its dashes, for all commands that have it, or for one:",
      '{ "warning": "1GiB", "watch": { "interval": "10s", "notify": true } }. Also: "roles" (limits',
      'of one role), "names" (more executables that are OpenCode), "patterns" (as --match).',
    ],
    examples: ["ocmem config", "ocmem config --json | jq -r '.file.path'"],
    exitCodes: [
      "0 done, 64 wrong arguments, 70 bug, 74 output can't be written, 78 wrong options file",
    ],
  },
  service: {
    brief: "Print or install what runs ocmem for you: a ready unit for this machine",
    customUsage: [
      "launchd|systemd [--install | --uninstall] [--interval TIME] [-- COMMAND FLAGS]",
      "cron|swiftbar [--interval TIME] [-- check FLAGS]",
    ],
    description: [
      "Prints a launchd agent, systemd user units, a line for crontab or a plugin for SwiftBar, xbar",
      "and Argos, with absolute paths. Behind -- stands what to run: by default watch --notify, for",
      "cron check --quiet, for swiftbar check. --install writes launchd and systemd units and starts them.",
    ],
    examples: [
      "ocmem service systemd --install -- watch --notify --warning 1GiB",
      "ocmem service cron --interval 5m -- check --quiet",
    ],
    exitCodes: [
      "0 done, 64 wrong arguments, 69 launchctl or systemctl failed, 70 bug,",
      "73 the unit can't be created, 74 output can't be written",
    ],
  },
  completions: {
    brief: "Print what makes a shell complete ocmem's command lines",
    customUsage: ["bash|zsh|fish"],
    description: [
      "Completes commands, flags, their values, and pids of what runs, with role and directory.",
    ],
    examples: [
      'eval "$(ocmem completions bash)"    # in ~/.bashrc; zsh likewise in ~/.zshrc',
      "ocmem completions fish > ~/.config/fish/completions/ocmem.fish",
    ],
    exitCodes: ["0 done, 64 wrong arguments, 70 bug, 74 output can't be written"],
  },
  schema: {
    brief: "Print the JSON Schema of what ocmem writes and reads",
    customUsage: ["[NAME]"],
    description: [
      "JSON Schema, draft 2020-12: report (check, list), track, event (watch), history, look and",
      "health (serve), orphans, selftest, config (the options file), settings (ocmem config --json), stop, show,",
      "error, version; report-line and track-line are lines of --format ndjson.",
    ],
    examples: ["ocmem schema report > report.schema.json", "ocmem schema event | jq '.title'"],
    exitCodes: ["0 done, 64 wrong arguments, 70 bug, 74 output can't be written"],
  },
  man: {
    brief: "Print the manual page",
    customUsage: [""],
    description: ["The same as --help of all commands, for man(1)."],
    examples: [
      "ocmem man > ocmem.1 && man ./ocmem.1",
      "ocmem man > ~/.local/share/man/man1/ocmem.1",
    ],
    exitCodes: ["0 done, 64 wrong arguments, 70 bug, 74 output can't be written"],
  },
};

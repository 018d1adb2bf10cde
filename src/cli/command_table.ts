/** The commands as one table: flags, help and what runs them. Data: nothing here loads a parser. */

import { check } from "../commands/check.ts";
import type {
  CheckFlags,
  ScanFlags,
  SelfTestFlags,
  TrackFlags,
  WatchFlags,
} from "../commands/flags.ts";
import { list } from "../commands/list.ts";
import { checkFlags, listFlags, selftestFlags, trackFlags, watchFlags } from "./flag_table.ts";
import type { World } from "../world.ts";

/** Flags of any command. */
export type AnyFlags = CheckFlags | ScanFlags | TrackFlags | WatchFlags | SelfTestFlags;

/**
 * Every command. `flags` and `docs` are what stricli's buildCommand takes. check and list are here at
 * once: they run every minute. The others are loaded when they run.
 */
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
    flags: listFlags,
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
  track: {
    run: async (flags: TrackFlags, world: World) =>
      await (await import("../commands/track.ts")).track(flags, world),
    flags: trackFlags,
    docs: {
      brief: "Follow memory for a while: statistics, growth, time to the limits",
      customUsage: ["[--pid N | --match REGEX] [--duration TIME] [--interval TIME] [FLAGS]"],
      fullDescription: [
        "Reads every chosen process at even times (default: all of OpenCode's, every second for 10 s).",
        "Then shows, for each process and each instance: minimum, maximum, mean, median, 95th",
        "percentile, standard deviation, growth, a slope that outliers don't move, and when it is over",
        "the limits if it goes on so. Ctrl-C ends it early and keeps what was read.",
        "",
        "EXAMPLES",
        "  ocmem track --duration 60s --interval 5s",
        "  ocmem track --json | jq '.series[] | {pid, growth: .stats.growth_bytes}'",
        "",
        "EXIT CODES",
        "  0 done, 64 wrong arguments, 69 nothing to track, 70 bug, 74 output can't be written,",
        "  129, 130, 143 ended early by SIGHUP, SIGINT, SIGTERM",
      ].join("\n"),
    },
  },
  watch: {
    run: async (flags: WatchFlags, world: World) =>
      await (await import("../commands/watch.ts")).watch(flags, world),
    flags: watchFlags,
    docs: {
      brief: "Watch memory and tell of events: over a limit, growing, gone",
      customUsage: ["[--interval TIME] [--count N] [--notify] [--exec CMD] [FLAGS]"],
      fullDescription: [
        "Looks at OpenCode's processes every minute and tells what happens: found, gone, level (over a",
        "limit, and back), reminder, growth (a leak is suspected), duplicates (one helper many times),",
        "gap (the machine slept). On a terminal a live screen (q quits, r looks at once), elsewhere a",
        "line an event.",
        "",
        "EXAMPLES",
        "  ocmem watch --interval 10s --warning 1GiB --notify",
        "  ocmem watch --exec 'echo \"$OCMEM_EVENT $OCMEM_PID $OCMEM_MESSAGE\" >> events.txt'",
        "",
        "EXIT CODES",
        "  0 ended (by --count, q, SIGINT, SIGTERM or a closed pipe), 64 wrong arguments,",
        "  69 processes can't be read, or a named one is not there, 70 bug, 74 output can't be written",
      ].join("\n"),
    },
  },
  selftest: {
    run: async (flags: SelfTestFlags, world: World) =>
      await (await import("../commands/selftest.ts")).selftest(flags, world),
    flags: selftestFlags,
    docs: {
      brief: "Show that ocmem works on this machine, and what it costs",
      customUsage: ["[--duration TIME] [--json]"],
      fullDescription: [
        "Checks the platform, discovers processes, tracks memory, and tests the limits; on itself if no",
        "OpenCode is running. Then it says what it costs.",
        "",
        "EXAMPLES",
        "  ocmem selftest --duration 2s",
        "  ocmem selftest --json | jq .passed",
        "",
        "EXIT CODES",
        "  0 passed, 1 failed, 64 wrong arguments, 70 bug, 74 output can't be written",
      ].join("\n"),
    },
  },
} as const;

export type CommandName = keyof typeof COMMANDS;

/** Runs a command with the flags that were understood by its own table. */
export function runCommand(name: CommandName, flags: AnyFlags, world: World): Promise<number> {
  // Which flags belong to which name is for the parser to know, not for the type checker.
  const run = COMMANDS[name].run as (flags: AnyFlags, world: World) => Promise<number>;
  return run(flags, world);
}

/** The commands as one table: flags, and what runs them. Data: nothing here loads a parser or a help text. */

import { check } from "../commands/check.ts";
import type {
  CheckFlags,
  ConfigFlags,
  HistoryFlags,
  OrphansFlags,
  ProcessFlags,
  ScanFlags,
  SelfTestFlags,
  ServeFlags,
  ServiceFlags,
  StopFlags,
  TrackFlags,
  WatchFlags,
} from "../commands/flags.ts";
import { list } from "../commands/list.ts";
import { PID, type Reader } from "../commands/values.ts";
import type { World } from "../world.ts";
import {
  checkFlags,
  configFlags,
  historyFlags,
  listFlags,
  orphansFlags,
  processFlags,
  selftestFlags,
  serveFlags,
  serviceFlags,
  stopFlags,
  trackFlags,
  watchFlags,
} from "./flag_table.ts";

/** Flags of any command. */
export type AnyFlags =
  | CheckFlags
  | ScanFlags
  | TrackFlags
  | WatchFlags
  | HistoryFlags
  | ServeFlags
  | OrphansFlags
  | ProcessFlags
  | SelfTestFlags
  | ConfigFlags
  | StopFlags
  | ServiceFlags;

/** A word behind a command that is no flag, or several. */
export interface Positional {
  readonly placeholder: string;
  readonly brief: string;
  /** What it can be; nothing where a reader says. */
  readonly values: readonly string[];
  /** Reads each word, of which there may be several. */
  readonly reader?: Reader<unknown>;
  /** Whether there can be one alone, where a reader takes what it is. */
  readonly isSingle?: boolean;
  readonly isOptional: boolean;
}

/**
 * Every command. check and list are here at once: they run every minute. The others are loaded when
 * they run. `run` gets the flags, the World, and the words that are no flags.
 */
export const COMMANDS = {
  check: {
    run: check,
    flags: checkFlags,
    positional: null,
  },
  list: {
    run: list,
    flags: listFlags,
    positional: null,
  },
  track: {
    run: async (flags: TrackFlags, world: World): Promise<number> =>
      await (await import("../commands/track.ts")).track(flags, world),
    get flags() {
      return trackFlags();
    },
    positional: null,
  },
  watch: {
    run: async (flags: WatchFlags, world: World): Promise<number> =>
      await (await import("../commands/watch.ts")).watch(flags, world),
    get flags() {
      return watchFlags();
    },
    positional: null,
  },
  history: {
    run: async (flags: HistoryFlags, world: World): Promise<number> =>
      await (await import("../commands/history.ts")).history(flags, world),
    get flags() {
      return historyFlags();
    },
    positional: null,
  },
  serve: {
    run: async (flags: ServeFlags, world: World): Promise<number> =>
      await (await import("../commands/serve.ts")).serve(flags, world),
    get flags() {
      return serveFlags();
    },
    positional: null,
  },
  orphans: {
    run: async (flags: OrphansFlags, world: World): Promise<number> =>
      await (await import("../commands/orphans.ts")).orphans(flags, world),
    get flags() {
      return orphansFlags();
    },
    positional: null,
  },
  stop: {
    run: async (flags: StopFlags, world: World, words: readonly string[]): Promise<number> =>
      await (await import("../commands/end.ts")).end(flags, words, world),
    get flags() {
      return stopFlags();
    },
    positional: {
      placeholder: "PID",
      brief: "A process of OpenCode, or several",
      values: [],
      reader: PID,
      isOptional: false,
    },
  },
  show: {
    run: async (flags: ProcessFlags, world: World, words: readonly string[]): Promise<number> =>
      await (await import("../commands/show.ts")).show(flags, words, world),
    get flags() {
      return processFlags();
    },
    positional: {
      placeholder: "PID",
      brief: "A process, OpenCode's or any other",
      values: [],
      reader: PID,
      isSingle: true,
      isOptional: false,
    },
  },
  selftest: {
    run: async (flags: SelfTestFlags, world: World): Promise<number> =>
      await (await import("../commands/selftest.ts")).selftest(flags, world),
    get flags() {
      return selftestFlags();
    },
    positional: null,
  },
  config: {
    run: async (flags: ConfigFlags, world: World): Promise<number> => {
      const { effectiveOptions } = await import("./effective.ts");
      const { config } = await import("../commands/config.ts");
      return config(flags, world, await effectiveOptions(world));
    },
    get flags() {
      return configFlags();
    },
    positional: null,
  },
  service: {
    run: async (flags: ServiceFlags, world: World, words: readonly string[]): Promise<number> => {
      const { service } = await import("../commands/service.ts");
      const { requireSense } = await import("./application.ts");
      return await service(flags, words, world, requireSense);
    },
    get flags() {
      return serviceFlags();
    },
    positional: {
      placeholder: "KIND",
      brief: "What runs it",
      values: ["launchd", "systemd", "cron", "swiftbar"],
      isOptional: false,
    },
  },
  completions: {
    run: async (_: object, world: World, words: readonly string[]): Promise<number> =>
      await (await import("../commands/completions.ts")).completions(words, world),
    flags: {},
    positional: {
      placeholder: "SHELL",
      brief: "The shell that completes",
      values: ["bash", "zsh", "fish"],
      isOptional: false,
    },
  },
  schema: {
    run: async (_: object, world: World, words: readonly string[]): Promise<number> =>
      await (await import("../commands/schema.ts")).schema(words, world),
    flags: {},
    positional: {
      placeholder: "NAME",
      brief: "What is described; without it, the names",
      values: [
        ...["report", "report-line", "track", "track-line", "event", "history"] as const,
        ...[
          "look",
          "health",
          "orphans",
          "selftest",
          "config",
          "settings",
          "show",
          "stop",
          "error",
          "version",
        ] as const,
      ],
      isOptional: true,
    },
  },
  man: {
    run: async (_: object, world: World): Promise<number> => {
      const { manual } = await import("./manual.ts");
      world.stdout.write(manual(world.version));
      return 0;
    },
    flags: {},
    positional: null,
  },
} as const satisfies Readonly<
  Record<
    string,
    { readonly run: unknown; readonly flags: object; readonly positional: Positional | null }
  >
>;

export type CommandName = keyof typeof COMMANDS;

/** Runs a command with the flags and words that were understood by its own table. */
export function runCommand(
  name: CommandName,
  flags: AnyFlags,
  words: readonly string[],
  world: World,
): Promise<number> {
  // Which flags belong to which name is for the parser to know, not for the type checker.
  const run = COMMANDS[name].run as (
    flags: AnyFlags,
    world: World,
    words: readonly string[],
  ) => Promise<number>;
  return run(flags, world, words);
}

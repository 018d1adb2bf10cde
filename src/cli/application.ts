/** Command lines through stricli: values, help, version, mistakes. Loaded when a command line needs it. */

import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type PartialApplicationConfiguration,
  type RouteMap,
  run as runApplication,
} from "@stricli/core";
import { type AnyFlags, type CommandName, COMMANDS } from "./command_table.ts";
import type {
  CheckFlags,
  ScanFlags,
  SelfTestFlags,
  TrackFlags,
  WatchFlags,
} from "../commands/flags.ts";
import { UsageError } from "../errors.ts";
import { textsThatFail } from "./usage.ts";

/** What a command line means: flags for its command, or a text that it asks for. */
export type Meaning = { readonly flags: AnyFlags } | { readonly help: string };

interface Context {
  readonly process: {
    readonly stdout: { write(text: string): void };
    readonly stderr: { write(text: string): void };
  };
  readonly take: (flags: AnyFlags) => void;
}

/** Understands the words behind a command, or without one all words. Throws a UsageError. */
export async function understand(
  command: CommandName | null,
  words: readonly string[],
  version: string,
): Promise<Meaning> {
  // stricli takes the names that every object inherits for flags of its own.
  const inherited = words.find((word) =>
    word.startsWith("--") && word.slice(2) in Object.prototype
  );
  if (inherited !== undefined) throw new UsageError(`Unknown flag ${inherited}`);
  let flags: AnyFlags | null = null;
  let help = "";
  let failure: unknown;
  const text = textsThatFail((error) => failure = error);
  const config: PartialApplicationConfiguration = {
    name: command === null ? "ocmem" : `ocmem ${command}`,
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: "original" },
    documentation: { caseStyle: "original", disableAnsiColor: true, onlyRequiredInUsageLine: true },
    localization: { loadText: () => text },
  };
  const application = command === null
    ? buildApplication<Context>(buildRoutes(), config)
    : buildApplication<Context>(BUILDERS[command](), config);
  await runApplication(application, words, {
    process: {
      stdout: { write: (text) => void (help += text) },
      // stricli's own error texts are empty: the errors come through `textsThatFail`.
      stderr: { write: () => {} },
    },
    take: (taken) => void (flags = taken),
  });
  if (failure !== undefined) throw failure;
  return flags ? { flags } : { help: help.endsWith("\n") ? help : `${help}\n` };
}

const BUILDERS = {
  check: () =>
    buildCommand<CheckFlags, [], Context>({
      func: takeFlags,
      parameters: { flags: COMMANDS.check.flags },
      docs: COMMANDS.check.docs,
    }),
  list: () =>
    buildCommand<ScanFlags, [], Context>({
      func: takeFlags,
      parameters: { flags: COMMANDS.list.flags },
      docs: COMMANDS.list.docs,
    }),
  track: () =>
    buildCommand<TrackFlags, [], Context>({
      func: takeFlags,
      parameters: { flags: COMMANDS.track.flags },
      docs: COMMANDS.track.docs,
    }),
  watch: () =>
    buildCommand<WatchFlags, [], Context>({
      func: takeFlags,
      parameters: { flags: COMMANDS.watch.flags },
      docs: COMMANDS.watch.docs,
    }),
  selftest: () =>
    buildCommand<SelfTestFlags, [], Context>({
      func: takeFlags,
      parameters: { flags: COMMANDS.selftest.flags },
      docs: COMMANDS.selftest.docs,
    }),
};

function takeFlags(this: Context, flags: AnyFlags): void {
  this.take(flags);
}

function buildRoutes(): RouteMap<Context> {
  return buildRouteMap({
    routes: {
      check: BUILDERS.check(),
      list: BUILDERS.list(),
      track: BUILDERS.track(),
      watch: BUILDERS.watch(),
      selftest: BUILDERS.selftest(),
    },
    docs: {
      brief: "Memory health check for OpenCode",
      fullDescription: [
        "Finds the OpenCode processes on this machine, measures the memory they really hold, and judges it.",
        "Without a command it runs check: ocmem --json is ocmem check --json.",
        "Help on a command: ocmem check --help",
      ].join("\n"),
    },
  });
}

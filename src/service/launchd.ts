/** Agents of launchd: launchd.plist(5) and launchctl(1) of macOS. */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { COMMENT, type Job, type Manager, type UnitFile } from "./job.ts";

/** Starts that come sooner are put off: ThrottleInterval's default. */
const LEAST_EVERY_MS = 10_000;
/** How long a watch that failed is left alone. */
const RESTART_SECONDS = 30;

/** A value of a property list, as far as agents need them. */
type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value };

/**
 * launchd's side of the agent of this label, in this home. Its log is `name`.log.
 */
export function launchd(home: string, label: string, name: string): Manager {
  const path = `${home}/Library/LaunchAgents/${label}.plist`;
  const units = (job: Job): UnitFile[] => [{ path, text: agent(job, home, label, name) }];
  const unload = {
    kind: "run",
    says: `launchctl bootout gui/$(id -u)/${label} (if it is loaded)`,
    script: UNLOAD,
    args: [label],
  } as const;
  return {
    os: "darwin",
    hint: `It runs while you are logged in. Its output: ${logOf(home, name)}`,
    paths: [path],
    units,
    install: (job) => [
      ...units(job).map((file) => ({ kind: "write", file } as const)),
      unload,
      {
        kind: "run",
        says: `launchctl enable gui/$(id -u)/${label}`,
        script: 'exec launchctl enable "gui/$(id -u)/$0"',
        args: [label],
      },
      {
        kind: "run",
        says: `launchctl bootstrap gui/$(id -u) ${path}`,
        script: LOAD,
        args: [path],
      },
    ],
    uninstall: (there) => [unload, ...there.map((path) => ({ kind: "remove", path } as const))],
  };
}

/** bootout returns before the agent has ended, or fails because it takes its time (36, EINPROGRESS). */
const UNLOAD = `target="gui/$(id -u)/$0"
is_loaded() { launchctl print "$target" >/dev/null 2>&1; }
is_loaded || exit 0
launchctl bootout "$target"
for second in 1 2 3 4 5 6 7 8 9 10; do is_loaded || exit 0; sleep 1; done
exit 1`;

/**
 * For seconds after bootout, launchd may answer a bootstrap with 5 (EIO), though it no longer shows the
 * agent: such as https://github.com/headroomlabs-ai/headroom/issues/1289 has measured.
 */
const LOAD = `for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  said=$(launchctl bootstrap "gui/$(id -u)" "$0" 2>&1) && exit 0
  code=$?
  [ "$code" -eq 5 ] || break
  sleep 1
done
printf '%s\\n' "$said"
exit "$code"`;

/** The agent's property list. launchd expands nothing in it: no `~`, no variables. */
function agent({ kind, command, everyMs }: Job, home: string, label: string, name: string): string {
  const log = logOf(home, name);
  const when: Value = kind !== "check"
    // What was asked to end, ends with 0 and is not started again.
    ? { KeepAlive: { SuccessfulExit: false }, ThrottleInterval: RESTART_SECONDS }
    : { StartInterval: seconds(everyMs) };
  const keys: Value = {
    Label: label,
    ProgramArguments: command,
    RunAtLoad: true,
    ...when,
    ProcessType: "Background",
    StandardOutPath: log,
    StandardErrorPath: log,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" ' +
    '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${COMMENT} -->`,
    '<plist version="1.0">',
    ...element(keys),
    "</plist>",
    "",
  ].join("\n");
}

function logOf(home: string, name: string): string {
  return `${home}/Library/Logs/${name}.log`;
}

function seconds(everyMs: number): number {
  if (everyMs >= LEAST_EVERY_MS && everyMs % 1000 === 0) return everyMs / 1000;
  throw new UsageError(
    `Cannot use --interval ${writeDuration(everyMs)} with check: launchd starts it after whole ` +
      `seconds, at least ${
        writeDuration(LEAST_EVERY_MS)
      }. Use watch, which looks as often as you like`,
  );
}

/** The lines of a value. */
function element(value: Value): string[] {
  if (typeof value === "string") return [`<string>${escapeXml(value)}</string>`];
  if (typeof value === "number") return [`<integer>${value}</integer>`];
  if (typeof value === "boolean") return [`<${value}/>`];
  if (isList(value)) return ["<array>", ...value.flatMap(element).map(indent), "</array>"];
  const entries = Object.entries(value).flatMap(([key, value]) => [
    `<key>${key}</key>`,
    ...element(value),
  ]);
  return ["<dict>", ...entries.map(indent), "</dict>"];
}

function isList(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function indent(line: string): string {
  return `  ${line}`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * The flags of every command, as data that stricli takes. Defaults are applied by the commands:
 * stricli would parse each of them at every start.
 */

import {
  countParser,
  durationParser,
  limitParser,
  parseClear,
  parsePid,
} from "../commands/flags.ts";

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

function toggle<const B extends string>(brief: B) {
  return { kind: "boolean", optional: true, withNegated: false, brief } as const;
}

function choice<const V extends readonly string[]>(values: V, brief: string) {
  return { kind: "enum", values, optional: true, brief } as const;
}

function value<T>(placeholder: string, parse: (text: string) => T, brief: string) {
  return { kind: "parsed", parse, optional: true, placeholder, brief } as const;
}

/** Which processes. */
const choiceFlags = {
  pid: {
    ...value("N", parsePid, "Only this process, OpenCode or not (repeatable)"),
    variadic: true,
  },
  match: value("REGEX", String, "Add processes whose whole command line matches (RE2 syntax)"),
} as const;

const color = choice(["auto", "always", "never"], "Colour text (auto)");
const wide = toggle("Text as wide as it takes");
const showSecrets = toggle("Show arguments that look like keys and passwords");
const json = toggle("Short for --format json");

const limitFlags = {
  warning: value(
    "LIMIT",
    limitParser("--warning"),
    "Warn above this footprint: 2GiB, 500MB, bytes or 75% of memory (2GiB)",
  ),
  critical: value("LIMIT", limitParser("--critical"), "Critical above this footprint (4GiB)"),
} as const;
const scope = choice(
  ["process", "instance"],
  "Compare each process, or each instance's total (process)",
);

export const listFlags = {
  format: choice(["text", "json"], "Output format (text)"),
  json,
  ...choiceFlags,
  exact: toggle("Add PSS and USS (Linux; slow: stalls large processes for milliseconds)"),
  wide,
  color,
  "show-secrets": showSecrets,
} as const;

export const checkFlags = {
  ...limitFlags,
  scope,
  none: choice(
    ["ok", "warning", "critical", "unknown"],
    "Verdict when no OpenCode is running (ok)",
  ),
  quiet: toggle("Print nothing while all is well"),
  ...listFlags,
} as const;

export const trackFlags = {
  duration: value(
    "TIME",
    durationParser("--duration", 10, 30 * MS.day),
    "How long: 500ms, 10s, 5m, 1h30m (10s)",
  ),
  interval: value(
    "TIME",
    durationParser("--interval", 10, MS.day),
    "One reading of each process every so often (1s)",
  ),
  ...limitFlags,
  format: choice(
    ["text", "json", "ndjson", "csv"],
    "Output format; ndjson and csv write each reading as it comes (text)",
  ),
  json,
  ...choiceFlags,
  wide,
  color,
  "show-secrets": showSecrets,
} as const;

export const watchFlags = {
  interval: value(
    "TIME",
    durationParser("--interval", 10, MS.day),
    "Look every so often: 500ms, 10s, 5m (1m)",
  ),
  count: value("N", countParser("--count", 1), "End after so many looks (never)"),
  ...limitFlags,
  scope,
  for: value(
    "N",
    countParser("--for", 1),
    "Alert after so many readings over a limit in a row (1)",
  ),
  clear: value(
    "SHARE",
    parseClear,
    "An alert ends once the footprint is at most this share of the limit (90%)",
  ),
  remind: value(
    "TIME",
    durationParser("--remind", 0, 30 * MS.day),
    "Repeat an alert this often while it lasts; 0s: never (10m)",
  ),
  growth: value(
    "TIME",
    durationParser("--growth", 0, 30 * MS.day),
    "Suspect a leak after steady growth for so long; 0s: never (10m)",
  ),
  duplicates: value(
    "N",
    countParser("--duplicates", 0),
    "Report a helper that one instance runs this many times; 0: never (8)",
  ),
  notify: toggle("Show alerts on the desktop (osascript, notify-send)"),
  exec: value("CMD", String, "Run CMD with /bin/sh at every event; it finds OCMEM_EVENT, … set"),
  "exec-timeout": value(
    "TIME",
    durationParser("--exec-timeout", 10, MS.hour),
    "End a command that runs longer, and all it started (10s)",
  ),
  format: choice(
    ["text", "log", "ndjson"],
    "text: a screen on a terminal, else log; log: a line an event (text)",
  ),
  json: toggle("Short for --format ndjson"),
  ...choiceFlags,
  color,
  "show-secrets": showSecrets,
} as const;

export const selftestFlags = {
  duration: value(
    "TIME",
    durationParser("--duration", 50, MS.hour),
    "How long memory is tracked: 500ms, 10s (10s)",
  ),
  format: choice(["text", "json"], "Output format (text)"),
  json,
  color,
} as const;

/**
 * The flags of every command, as data that stricli takes. The defaults here are told, in help and by
 * `ocmem config`; they are applied by the commands, because stricli would read each at every start.
 */

import {
  ADDRESS,
  duration,
  LIMIT,
  MOMENT,
  PID,
  ROLE,
  SESSION,
  SHARE,
  TEXT,
  wholeNumber,
} from "../commands/values.ts";
import { choice, once, onOption, option, toggle, value } from "./flag_kinds.ts";

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Which processes. */
const choiceFlags = {
  pid: {
    ...value("N", PID, "", "Only this process, OpenCode or not (repeatable)"),
    variadic: true,
  },
  match: value("REGEX", TEXT, "", "Add processes whose whole command line matches (RE2 syntax)"),
} as const;

const color = choice(["auto", "always", "never"], "auto", "Colour text");
const advice = onOption("Say what to do about what is over a limit");
const wide = option("Text as wide as it takes");
const showSecrets = option("Show arguments that look like keys and passwords");
const json = toggle("Short for --format json");
/** As text, or as one JSON document. */
const documentFlags = once(() => ({
  format: choice(["text", "json"], "text", "Output format"),
  json,
} as const));
const output = value(
  "FILE",
  TEXT,
  "",
  "Replace FILE with the output, whole or not at all (metrics 0644, others 0600)",
);

const limitFlags = {
  warning: value(
    "LIMIT",
    LIMIT,
    "2GiB",
    "Warn above this footprint: 1GiB, 500MB, bytes or 75% of memory",
  ),
  critical: value("LIMIT", LIMIT, "4GiB", "Critical above this footprint"),
} as const;
const scope = choice(
  ["process", "instance"],
  "process",
  "Compare each process, or each instance's total",
);
const exact = option("Add PSS and USS (Linux; slow: stalls large processes for milliseconds)");
const interval = (standard: string, brief: string) =>
  value("TIME", duration(10, MS.day), standard, brief);

/** Where readings are kept. */
const database = value("FILE", TEXT, "", "The history (~/.local/state/ocmem/history.db)");
const recordFlags = once(() => ({
  record: option("Keep all readings and events in a history"),
  database,
  keep: value("AGE", duration(MS.hour, 3650 * MS.day), "30d", "Keep every reading so long"),
  "keep-hourly": value(
    "AGE",
    duration(MS.hour, 36_500 * MS.day),
    "365d",
    "Keep minimum, mean and maximum of each hour so long",
  ),
} as const));
const html = value("FILE", TEXT, "", "Also write FILE, a page with charts");

/** Which instances of those that were found. */
const narrowFlags = {
  role: {
    ...value("ROLE", ROLE, "", "Only instances of this role (repeatable)"),
    variadic: true,
  },
  project: {
    ...value("DIR", TEXT, "", "Only instances that run in this folder or below (repeatable)"),
    variadic: true,
  },
} as const;
/** Which of them are shown, and in which order. */
const showFlags = {
  sort: choice(
    ["footprint", "pid", "uptime", "role", "project"],
    "footprint",
    "Order of instances; the verdict is of all",
  ),
  top: value("N", wholeNumber(1), "", "Show so many instances; verdict and totals are of all"),
} as const;

/** Where sessions come from. */
const FROM = "(OpenCode's database, its servers' answers)";

export const listFlags = {
  format: choice(["text", "json", "ndjson", "csv", "markdown"], "text", "Output format"),
  json,
  output,
  ...choiceFlags,
  ...narrowFlags,
  ...showFlags,
  exact,
  sessions: onOption(`Show projects and sessions ${FROM}`),
  wide,
  color,
  "show-secrets": showSecrets,
} as const;

export const checkFlags = {
  ...limitFlags,
  scope,
  none: choice(
    ["ok", "warning", "critical", "unknown"],
    "ok",
    "Verdict when no OpenCode is running",
  ),
  timeout: value(
    "TIME",
    duration(1, MS.hour),
    "",
    "Verdict UNKNOWN if it takes longer (never; 10s with --format nagios)",
  ),
  quiet: toggle("Print nothing while all is well"),
  ...listFlags,
  format: choice(
    [
      ...["text", "json", "ndjson", "csv", "markdown"] as const,
      ...["nagios", "prometheus", "openmetrics", "swiftbar"] as const,
    ],
    "text",
    "Output format",
  ),
  sessions: option(`Show projects and sessions ${FROM}`),
  advice,
  label: choice(["pid"], "", "Metrics of each process by itself, labelled with its pid"),
} as const;

export const trackFlags = once(() => ({
  duration: value(
    "TIME",
    duration(10, 30 * MS.day),
    "10s",
    "How long: 500ms, 10s, 5m, 1h30m",
  ),
  interval: interval("1s", "One reading of each process every so often"),
  session: value("ID", SESSION, "", "Only the instances that hold this session of OpenCode"),
  ...limitFlags,
  format: choice(
    ["text", "json", "ndjson", "csv"],
    "text",
    "Output format; ndjson and csv write each reading as it comes",
  ),
  json,
  output,
  html,
  ...recordFlags(),
  ...choiceFlags,
  wide,
  color,
  "show-secrets": showSecrets,
} as const));

/** Of what looks again and again. */
const followFlags = once(() => ({
  ...limitFlags,
  scope,
  for: value("N", wholeNumber(1), "1", "Alert after so many readings over a limit in a row"),
  clear: value(
    "SHARE",
    SHARE,
    "90%",
    "An alert ends once the footprint is at most this share of the limit",
  ),
  remind: value(
    "TIME",
    duration(0, 30 * MS.day),
    "10m",
    "Repeat an alert this often while it lasts; 0s: never",
  ),
  growth: value(
    "TIME",
    duration(0, 30 * MS.day),
    "10m",
    "Suspect a leak after steady growth for so long; 0s: never",
  ),
  duplicates: value(
    "N",
    wholeNumber(0),
    "8",
    "Report a helper that one instance runs this many times; 0: never",
  ),
  notify: option("Show alerts on the desktop (osascript, notify-send)"),
  exec: value("CMD", TEXT, "", "Run CMD with /bin/sh at every event; it finds OCMEM_EVENT, … set"),
  "exec-timeout": value(
    "TIME",
    duration(10, MS.hour),
    "10s",
    "End a command that runs longer, and all it started",
  ),
  ...recordFlags(),
  ...choiceFlags,
  "show-secrets": showSecrets,
} as const));

export const watchFlags = once(() => ({
  interval: interval("1m", "Look every so often: 500ms, 10s, 5m"),
  count: value("N", wholeNumber(1), "", "End after so many looks (never)"),
  "on-critical": choice(
    ["stop"],
    "",
    "Stop a process that becomes critical as ocmem stop does, without a question (SIGTERM only)",
  ),
  ...followFlags(),
  format: choice(
    ["text", "log", "ndjson"],
    "text",
    "text: a screen on a terminal, else log; log: a line an event",
  ),
  json: toggle("Short for --format ndjson"),
  sessions: onOption("Show projects and sessions on the screen"),
  advice,
  color,
} as const));

export const historyFlags = once(() => ({
  since: value("WHEN", MOMENT, "24h", "From then on: 24h ago, 7d, 2026-01-31, 2026-01-31T14:30"),
  until: value("WHEN", MOMENT, "now", "Until then"),
  pid: { ...choiceFlags.pid, brief: "Only this process (repeatable)" },
  role: { ...narrowFlags.role, brief: "Only processes and instances of this role (repeatable)" },
  project: { ...narrowFlags.project, brief: "Only what runs in this folder or below (repeatable)" },
  ...limitFlags,
  database,
  format: choice(["text", "json", "csv"], "text", "Output format"),
  json,
  output,
  html,
  wide,
  color,
} as const));

export const serveFlags = once(() => ({
  listen: value("ADDRESS", ADDRESS, "127.0.0.1:4097", "Where to listen; port 0 is any free one"),
  token: value("TOKEN", TEXT, "", "Who asks must have it; better set OCMEM_TOKEN: ps shows flags"),
  interval: interval("10s", "Look every so often: 500ms, 10s, 5m"),
  ...followFlags(),
} as const));

export const orphansFlags = once(() => ({
  fail: toggle("Exit code 1 if one is an orphan or likely one"),
  sessions: onOption(`Show and weigh sessions ${FROM}`),
  ...documentFlags(),
  output,
  wide,
  color,
  "show-secrets": showSecrets,
} as const));

export const selftestFlags = once(() => ({
  duration: value(
    "TIME",
    duration(50, MS.hour),
    "10s",
    "How long memory is tracked: 500ms, 10s",
  ),
  ...documentFlags(),
  output,
  color,
} as const));

export const stopFlags = once(() => ({
  "dry-run": toggle("Show what it would stop, and stop nothing"),
  yes: toggle("Don't ask: needed where there is no terminal to ask on"),
  only: toggle("Only the processes named, not those below them"),
  grace: value(
    "TIME",
    duration(0, MS.hour),
    "10s",
    "How long a process that was asked to end (SIGTERM) may take",
  ),
  force: toggle("Kill what still runs after that (SIGKILL)"),
  ...documentFlags(),
} as const));

export const processFlags = once(() => ({
  ...limitFlags,
  sessions: listFlags.sessions,
  database,
  ...documentFlags(),
  output,
  wide,
  color,
  "show-secrets": showSecrets,
} as const));

export const configFlags = once(() => ({
  ...documentFlags(),
  wide,
  color,
  "show-secrets": showSecrets,
} as const));

export const serviceFlags = once(() => ({
  interval: value(
    "TIME",
    duration(MS.second, MS.day),
    "",
    "Look every so often (1m; cron 5m, swiftbar 30s)",
  ),
  install: toggle("Write the unit and start it (launchd, systemd)"),
  uninstall: toggle("Stop the unit and remove it (launchd, systemd)"),
  name: value("NAME", TEXT, "", "Name of the unit (ocmem; launchd io.ocmem)"),
} as const));

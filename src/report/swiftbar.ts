/**
 * The Report as a menu, for SwiftBar and xbar (menu bar of macOS) and Argos (top bar of GNOME). Only
 * what all three read alike is written, as of swiftbar/SwiftBar 2.0 (MenuLineParameters.swift,
 * MenuItemNode.swift, RunScript.swift), matryer/xbar 2.1 (pkg/plugins/parse.go, item_params.go) and
 * p-e-w/argos (utilities.js). No `sfimage`, `symbolize`, `useMarkup` and the like: for one parameter
 * that it does not know xbar shows an error in the place of the whole menu.
 */

import type { Level, Limits, Os, Thresholds } from "../types.ts";
import type { Report, ReportInstance, ReportProcess, Style } from "./report.ts";
import { isResumable, resumeCommand } from "./resume.ts";
import { localTime } from "./screen.ts";
import { cut } from "./table.ts";
import { headline, reasonsOf, unseenOf } from "./text.ts";
import { formatBytes } from "./units.ts";
import { commandOf, count, shortDirectory } from "./words.ts";

/** Green, amber, red, purple: legible in a light and in a dark menu (3:1, WCAG 2.1's 1.4.11). */
const COLOURS: Readonly<Record<Level, string>> = {
  normal: "#26964a",
  warning: "#b27c00",
  critical: "#e0433a",
  unknown: "#a05bd0",
};
/** The levels in the menu bar, where there is no room for words. */
const SIGNS: Readonly<Record<Level, string>> = {
  normal: "",
  warning: "⚠ ",
  critical: "‼ ",
  unknown: "? ",
};
/** Columns of a directory or a command. */
const TEXT_WIDTH = 60;
/** Entries in the menu of an instance: some have hundreds of processes. */
const MOST_PROCESSES = 20;

/** The title, then the verdict, the instances with their processes below them, and the limits. */
export function formatSwiftbar(report: Report, style: Style): string {
  const unseen = unseenOf(report);
  const lines = [
    entry(titleOf(report), colourOf(report.level)),
    "---",
    entry(headline(report, false), colourOf(report.level)),
    ...(unseen === null ? [] : [entry(unseen)]),
    ...report.instances.flatMap((instance) => instanceMenu(report, instance, style)),
    "---",
    ...limitsLines(report.thresholds),
    entry(`Looked at ${localTime(report.takenAtMs)}`),
    entry("Refresh", "refresh=true"),
  ];
  return lines.join("\n") + "\n";
}

function titleOf({ level, totals }: Report): string {
  const isKnown = totals.unread < totals.processes;
  return `OC ${SIGNS[level ?? "normal"]}${isKnown ? formatBytes(totals.footprintBytes) : "-"}`;
}

function instanceMenu(report: Report, instance: ReportInstance, { home }: Style): string[] {
  const { role, directory, footprintBytes, level } = instance;
  const footprint = footprintBytes === null ? "unread" : formatBytes(footprintBytes);
  const place = cut(shortDirectory(directory, home), TEXT_WIDTH);
  const reasons = reasonsOf(report, [instance]).map(({ text }) => entry(text, colourOf(level)));
  const below = [...reasons, ...processEntries(instance), ...resumeEntry(report, instance)];
  return [
    entry(`${role} ${place} ${footprint}${levelWord(level)}`, colourOf(level)),
    ...below.map((line) => `--${line}`),
  ];
}

/** The processes, the largest first. */
function processEntries({ processes }: ReportInstance): string[] {
  const bySize = processes.toSorted((a, b) => footprintOf(b) - footprintOf(a));
  const left = bySize.length - MOST_PROCESSES;
  return [
    ...bySize.slice(0, MOST_PROCESSES).map(processEntry),
    ...(left > 0 ? [entry(`and ${count(left, "more process", "more processes")}`)] : []),
  ];
}

/** Begins with our own words: a line that begins with `-` would be of another menu. */
function processEntry(process: ReportProcess): string {
  const { pid, role, reading, missing, level } = process;
  const footprint = reading ? formatBytes(reading.footprintBytes) : missing ?? "unread";
  const command = cut(commandOf(process, TEXT_WIDTH), TEXT_WIDTH);
  return entry(`${footprint} ${role} ${pid} ${command}${levelWord(level)}`, colourOf(level));
}

function footprintOf({ reading }: ReportProcess): number {
  return reading?.footprintBytes ?? -1;
}

function resumeEntry({ host }: Report, instance: ReportInstance): string[] {
  if (!isResumable(instance.role)) return [];
  const command = resumeCommand(instance);
  if (command === null) return [entry("Cannot tell for sure how to resume it")];
  return [entry("Copy the command that resumes it", copyAction(command, host.os))];
}

/**
 * Shell commands that put text into the clipboard: of their `$1`, which is in base64, so that nothing
 * in it means anything to the three apps and the shells that they use. Without a quote or a backslash:
 * SwiftBar up to 2.0.0 ends a value at the first quote of either kind, and quotes what holds a space
 * before its own shell reads it. pbcopy takes the encoding from the locale (pbcopy(1)), and an app
 * has none.
 */
const COPY_SCRIPTS: Readonly<Record<Os, string>> = {
  darwin: "echo $1 | base64 --decode | LC_ALL=en_US.UTF-8 pbcopy",
  linux: "echo $1 | base64 --decode | " +
    "if [ ${WAYLAND_DISPLAY:+1} ] && command -v wl-copy >/dev/null; " +
    "then wl-copy --type text/plain; else xclip -selection clipboard; fi",
};

/** The parameters of an entry that copies a text. The first is `param1`: xbar fails at `param0`. */
function copyAction(text: string, os: Os): string {
  const base64 = new TextEncoder().encode(text).toBase64();
  return `bash=/bin/sh param1=-c param2='${COPY_SCRIPTS[os]}' param3=ocmem param4=${base64} ` +
    "terminal=false";
}

function limitsLines(thresholds: Thresholds | null): string[] {
  if (thresholds === null) return [];
  const what = thresholds.scope;
  const say = (name: string, { warningBytes, criticalBytes }: Limits) =>
    entry(`${name}: warning ${formatBytes(warningBytes)}, critical ${formatBytes(criticalBytes)}`);
  return [
    say(`Limits of each ${what}`, thresholds),
    ...Object.entries(thresholds.roles ?? {}).map(([role, limits]) =>
      say(`Limits of each ${role} ${what}`, limits)
    ),
  ];
}

/** A level is a word, too, where it is not normal. */
function levelWord(level: Level | null): string {
  return level === null || level === "normal" ? "" : ` (${level})`;
}

function colourOf(level: Level | null): string {
  return level === null ? "" : `color=${COLOURS[level]}`;
}

/** A line of a menu. The text may be any of one line; the parameters are ours. */
function entry(text: string, parameters = ""): string {
  return parameters === "" ? plain(text) : `${plain(text)} | ${parameters}`;
}

/** What means something to one of the apps, and what looks like it and means nothing. */
const LOOKALIKES: readonly (readonly [RegExp, string])[] = [
  [/\|/g, "¦"], // Parameters begin.
  [/\\/g, "∖"], // \n and the like (SwiftBar, Argos), \x1b (xbar, Argos).
  [/</g, "‹"], // Pango markup (Argos), as is the next.
  [/&/g, "＆"],
  [/:(?=[^\s:]*:)/g, "∶"], // :mushroom: (all), :sun.max: (SwiftBar).
];

function plain(text: string): string {
  return LOOKALIKES.reduce((shown, [sign, like]) => shown.replace(sign, like), text);
}

/** The Report as a monitoring plugin's output, for Nagios, Icinga, Naemon and Checkmk. */

import type { Level } from "../types.ts";
import { escaped } from "./nagios_error.ts";
import { isJudged, perfdata } from "./nagios_perfdata.ts";
import type { Report, ReportInstance } from "./report.ts";
import { headline, pidOf, reasonsOf, unseenOf } from "./text.ts";
import { formatBytes } from "./units.ts";
import { count } from "./words.ts";

/**
 * Instances with entries and lines of their own. Older versions of Nagios read 4 KB of a plugin's
 * output, later ones 8 (MAX_PLUGIN_OUTPUT_LENGTH in its nagios.h), and cut the rest without a word.
 */
const MOST_LISTED = 20;
/** Characters of a directory, which may have thousands. */
const DIRECTORY_LENGTH = 100;

/**
 * The verdict with all performance data on the first line, then why, then the instances: those that
 * matter most, the worst first and then the largest.
 */
export function formatNagios(report: Report): string {
  const listed = report.instances.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST_LISTED);
  const unseen = unseenOf(report);
  const left = report.instances.length - listed.length;
  const lines = [
    `${headline(report, false, true)} | ${perfdata(report, listed)}`,
    ...reasonsOf(report, listed).map(({ level, text }) => `${level}: ${text}`),
    ...(unseen === null ? [] : [unseen]),
    ...(left === 0 ? [] : [`${count(left, "more instance is", "more instances are")} not listed`]),
    ...listed.map(describe),
  ];
  return lines.join("\n") + "\n";
}

/** Lower is worse. */
const RANKS: Readonly<Record<Level, number>> = { critical: 0, warning: 1, unknown: 2, normal: 3 };

function rankOf(instance: ReportInstance): number {
  return isJudged(instance) ? RANKS[instance.level ?? "normal"] : RANKS.normal + 1;
}

/** `tui 4242 in /work/api: 5.25 GiB in 5 processes, 1 unread` */
function describe({ id, role, directory, footprintBytes, processes }: ReportInstance): string {
  const place = directory === null ? "" : ` in ${plain(directory)}`;
  const subject = `${role} ${pidOf(id)}${place}`;
  const all = count(processes.length, "process", "processes");
  if (footprintBytes === null) return `${subject}: no reading of ${all}`;
  const unread = processes.filter((p) => p.reading === null).length;
  const rest = unread > 0 ? `, ${unread} unread` : "";
  return `${subject}: ${formatBytes(footprintBytes)} in ${all}${rest}`;
}

/**
 * What a plugin's output may not hold, wherever it stands: `|` begins performance data, and all of
 * these mean something to the shells and web pages that are given it. Nagios takes them out of the
 * first line only, and only if illegal_macro_output_chars says so, as its sample nagios.cfg does.
 */
const MEANINGFUL = /[`~$&|'"<>]/g;

/** Text from others, as it may stand in a plugin's output. */
function plain(text: string): string {
  const characters = [...text];
  const short = characters.length > DIRECTORY_LENGTH
    ? `${characters.slice(0, DIRECTORY_LENGTH - 1).join("")}…`
    : text;
  return short.replace(MEANINGFUL, escaped);
}

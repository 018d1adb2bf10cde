/** Whether a process was left behind: what speaks for it, or how it stands where nothing is concluded. */

import type { HistoryStyle } from "./history_formats.ts";
import { CONCLUSIONS } from "./orphans_text.ts";
import type { ShownStanding, ShowReport } from "./show.ts";
import { INDENT } from "./show_entry.ts";
import { wrap } from "./table.ts";

export function standingLines(
  { standing, process, host }: ShowReport,
  style: HistoryStyle,
): string[] {
  if (standing === null) return wrap("it has ended", style.width, INDENT);
  const { pid, conclusion, evidence } = standing;
  const whose = pid === process.pid ? "" : `of ${pid}: `;
  const manager = host.os === "darwin" ? "launchd" : "systemd";
  const words = conclusion === null ? sayNone(standing, manager) : CONCLUSIONS[conclusion];
  return [whose + words, ...evidence.map(({ detail }) => `- ${detail}`)]
    .flatMap((line) => wrap(line, style.width, INDENT));
}

/** Why nothing is concluded: it is in use, or minded, or the system does not tell enough. */
function sayNone(
  { hasTerminal, isService, opener, parent }: ShownStanding,
  manager: string,
): string {
  const reasons = [
    hasTerminal ? "it has a terminal" : null,
    isService ? `it is a service of ${manager}` : null,
    parent && `its parent lives (${parent.pid}, ${parent.name})`,
    opener?.isAlive ? `the OpenCode that started it lives (OPENCODE_PID is ${opener.pid})` : null,
  ].filter((reason) => reason !== null);
  if (reasons.length > 0) return `not left behind: ${reasons.join(", ")}`;
  const unknown = [
    hasTerminal === null ? "whether it has a terminal is not known" : null,
    isService === null ? `whether it is a service of ${manager} is not known` : null,
  ].filter((one) => one !== null);
  return ["nothing is concluded", ...unknown].join(": ");
}

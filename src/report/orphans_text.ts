/** The report of `orphans` for people: what could be reclaimed, then each with what speaks for it. */

import type { Conclusion } from "../types.ts";
import { paint } from "./colour.ts";
import { type Orphan, type OrphansReport, reclaimableBytes } from "./orphans.ts";
import type { Style } from "./report.ts";
import { cut, wrap } from "./table.ts";
import { unseenOf } from "./text.ts";
import { formatBytes, formatDuration } from "./units.ts";
import { noteLines, saySession } from "./with_sessions.ts";
import { commandOf, count, shortDirectory } from "./words.ts";

/** What ends an instance that was left behind. */
const STOP = "ocmem stop";

/** Never a proof: each says so. */
export const CONCLUSIONS: Readonly<Record<Conclusion, string>> = {
  orphan: "probably an orphan",
  likely: "likely an orphan",
  possible: "possibly an orphan",
};
/** SGR parameters (ECMA-48): yellow for what `--fail` heeds. */
const YELLOW = "33";
const INDENT = 4;

export function orphansAsText(report: OrphansReport, style: Style): string {
  const blocks = [
    [headline(report)],
    ...report.orphans.map((one) => blockOf(one, report.takenAtMs, style)),
  ];
  const unseen = unseenOf(report);
  if (unseen !== null) blocks[0]!.push(...wrap(unseen, style.width, 2));
  if (report.notes.length > 0) blocks.push(noteLines(report, style));
  return blocks.map((lines) => lines.join("\n") + "\n").join("\n");
}

function headline(report: OrphansReport): string {
  const { instances, orphans } = report;
  const looked = `${count(instances, "OpenCode instance", "OpenCode instances")} looked at`;
  if (orphans.length === 0) return `No orphans: ${looked}`;
  const bytes = reclaimableBytes(report);
  const reclaimable = bytes === null
    ? "not all of their memory can be read"
    : `${formatBytes(bytes)} could be reclaimed`;
  return `${
    count(orphans.length, "may be an orphan", "may be orphans")
  }, ${reclaimable} (${looked})`;
}

function blockOf(orphan: Orphan, nowMs: number, { width, colour, home }: Style): string[] {
  const { pid, role, conclusion, uptimeMs, footprintBytes, processes, directory } = orphan;
  const words = CONCLUSIONS[conclusion];
  const size = footprintBytes === null ? "memory not known" : formatBytes(footprintBytes);
  const among = processes > 1 ? ` in ${processes} processes` : "";
  const facts = `${pid}  ${role}, ${size}${among}, up ${formatDuration(uptimeMs)}: `;
  const [first = "", ...rest] = wrap(facts + words, width, 0);
  const isColoured = conclusion !== "possible" && first.endsWith(words);
  const head = isColoured ? first.slice(0, -words.length) + paint(words, YELLOW, colour) : first;
  const line = (text: string) => " ".repeat(INDENT) + cut(text, width - INDENT);
  return [
    head,
    ...rest,
    line(commandOf(orphan, width)),
    ...directory === null ? [] : [line(`in ${shortDirectory(directory, home)}`)],
    ...(orphan.sessions ?? []).map((one) => line(saySession(one, directory, nowMs, home))),
    ...orphan.evidence.flatMap(({ detail }) => {
      const [begin = "", ...more] = wrap(detail, width, INDENT + 2);
      return [begin.replace(/^ {6}/, "    - "), ...more];
    }),
    line(`to end it: ${STOP} ${pid}`),
  ];
}

/** What runs around a session and what to do about it, for `show`. */

import type { ReportInstance, Style } from "./report.ts";
import { INDENT } from "./show_entry.ts";
import { wrap } from "./table.ts";
import { isNews, sayGroup } from "./with_children.ts";

export function aroundLines({ children }: ReportInstance, { width }: Style): string[] {
  return (children ?? []).filter(isNews)
    .flatMap((group) => wrap(sayGroup(group, Infinity), width, INDENT));
}

/** What is copied is not broken. */
export function adviceLines({ advice }: ReportInstance, { width }: Style): string[] {
  return (advice ?? []).flatMap(({ text, command }) => [
    ...wrap(command === null ? text : `${text}:`, width, INDENT),
    ...command === null ? [] : [`  ${command}`],
  ]);
}

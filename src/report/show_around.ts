/** What runs around a session and what to do about it, where that was asked. */

import type { Purpose } from "../detail.ts";
import type { ReportInstance, Style } from "./report.ts";
import { INDENT } from "./show_entry.ts";
import { wrap } from "./table.ts";
import { formatBytes } from "./units.ts";

/** `mcp github`, `lsp gopls (Go)`, `shell npm test`. */
export function sayPurpose({ kind, name, language, command }: Purpose): string {
  const words = [kind, name, language && `(${language})`, command];
  return words.filter((word) => word !== null).join(" ");
}

export function sayChildren({ children }: ReportInstance, { width }: Style): string[] {
  return (children ?? []).flatMap(({ purpose, count, footprintBytes }) => {
    const size = footprintBytes === null ? "memory not known" : formatBytes(footprintBytes);
    return wrap(`${count} × ${sayPurpose(purpose)}, ${size}`, width, INDENT);
  });
}

export function sayAdvice({ advice }: ReportInstance, { width }: Style): string[] {
  return (advice ?? []).flatMap(({ text, command }) => [
    ...wrap(text, width, INDENT),
    // What is copied is not broken.
    ...command === null ? [] : [`    ${command}`],
  ]);
}

/** The formats of `ocmem history`. */

import type { HistoryReport } from "./history.ts";
import type { Style } from "./report.ts";

/** How history may look. */
export interface HistoryStyle extends Style {
  /** Nothing but ASCII, where the locale is not UTF-8. Texts that were recorded stay what they are. */
  readonly isAscii: boolean;
}

/** A history as text, with its last line break. */
export type HistoryFormat = (report: HistoryReport, style: HistoryStyle) => string;

/** Every format, loaded when it is used. */
export const HISTORY_FORMATS = {
  text: async (): Promise<HistoryFormat> => (await import("./history_text.ts")).formatHistoryText,
  json: async (): Promise<HistoryFormat> => (await import("./history_json.ts")).formatHistoryJson,
  csv: async (): Promise<HistoryFormat> => (await import("./history_csv.ts")).formatHistoryCsv,
} as const;

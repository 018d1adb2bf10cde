/** Readings as CSV (RFC 4180), a line each as they come. */

import { csvLines } from "./csv_lines.ts";
import { isoTime } from "./json.ts";
import type { Row, TrackFormat } from "./track.ts";

/** Titles and cells of the columns. What is not known is an empty cell. */
const COLUMNS: Readonly<Record<string, (row: Row) => string | number | null>> = {
  at: (row) => isoTime(row.atMs),
  instance: (row) => row.instanceId,
  pid: (row) => row.pid,
  started_at: (row) => isoTime(row.startedAtMs),
  role: (row) => row.role,
  name: (row) => row.name,
  footprint_bytes: (row) => row.footprintBytes,
  resident_bytes: (row) => row.residentBytes,
  missing: (row) => row.missing,
};

export const TRACK_CSV: TrackFormat = {
  streams: true,
  begin: () => csvLines([Object.keys(COLUMNS)]),
  look: (rows) => csvLines(rows.map((row) => Object.values(COLUMNS).map((cell) => cell(row)))),
  end: () => "",
};

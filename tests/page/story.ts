/** Two hours in the life of a machine, for pages: a leak, a hole, one that comes and goes, alerts. */

import type { Happening, HistoryDocument } from "../../src/page/client/history.js";
import { documentOf, GiB, INTERVAL_MS, iso, MiB, type Seen, START } from "./documents.ts";

/** The gap is before this look. */
const GAP_AT = 60;
const GAP_MS = 40 * INTERVAL_MS;

/** 120 looks, a minute apart. */
export const LOOKS: readonly Seen[] = Array.from({ length: 120 }, (_, i) => ({
  at: START + i * INTERVAL_MS + (i >= GAP_AT ? GAP_MS : 0),
  isGap: i === GAP_AT,
  bytes: [
    500 * MiB + i * 20 * MiB,
    (50 + i % 7) * MiB,
    i >= 20 && i < 90 ? 80 * MiB + i * MiB : undefined,
    (300 + (i % 5) * 3) * MiB,
    i === 30 ? null : 150 * MiB,
  ],
}));

/** 500 MiB + 27 × 20 MiB is the first of these above 1 GiB, with 78 above 2 GiB. */
const OVER_WARNING = 27;
const OVER_CRITICAL = 78;

const TUI = {
  ...{ type: "event", subject: "process", instance: "4000-17", pid: 4000, role: "tui" },
  ...{ name: "opencode", cwd: "/home/ann/web" },
};

export const EVENTS: readonly Happening[] = [
  {
    ...TUI,
    ...{ event: "found", subject: "instance", at: iso(START), level: "normal" },
    message: "instance 4000 (tui) in /home/ann/web: 550 MiB in 2 processes",
  },
  {
    ...TUI,
    ...{ event: "level", at: iso(LOOKS[OVER_WARNING]!.at), level: "warning" },
    ...{ previous_level: "normal", limit_bytes: 1 * GiB },
    message:
      "process 4000 (tui): footprint 1.02 GiB is over the warning limit of 1 GiB, was normal",
  },
  {
    ...TUI,
    ...{ event: "growth", at: iso(LOOKS[OVER_WARNING]!.at + 1), level: "warning" },
    message: "process 4000 (tui) grows steadily: <b onclick=alert(3)>+540 MiB</b> in 27m",
  },
  {
    ...TUI,
    ...{ event: "level", at: iso(LOOKS[OVER_CRITICAL]!.at), level: "critical" },
    ...{ previous_level: "warning", limit_bytes: 2 * GiB },
    message:
      "process 4000 (tui): footprint 2.01 GiB is over the critical limit of 2 GiB, was warning",
  },
];

/** The document of it all. */
export function storyDocument(): HistoryDocument {
  return documentOf(LOOKS, { events: EVENTS });
}

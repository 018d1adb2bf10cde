/** `ocmem history`: what was recorded of a time. */

import { UsageError } from "../errors.ts";
import { openHistory } from "../history/open.ts";
import { readHistory } from "../history/report.ts";
import type { HistoryReport, PastQuery } from "../report/history.ts";
import { HISTORY_FORMATS } from "../report/history_formats.ts";
import { isoTime } from "../report/json.ts";
import { spanOf } from "../moments.ts";
import type { World } from "../world.ts";
import type { HistoryFlags } from "./flags.ts";
import { absoluteFolders } from "./folder.ts";
import { formatOf } from "./format.ts";
import { isUtf8 } from "./locale.ts";
import { openPage, writePage } from "./page_file.ts";
import { databasePath } from "./recording.ts";
import { plainStyle, styleOf } from "./style.ts";
import { thresholdsOf } from "./thresholds.ts";

/** Runs the command and returns its exit code, 0. Throws a DatabaseError if the history can't be read. */
export async function history(flags: HistoryFlags, world: World): Promise<number> {
  const name = formatOf(flags, "json", "text");
  const format = await HISTORY_FORMATS[name]();
  const query = queryOf(flags, world);
  const path = databasePath(world, flags);
  using page = openPage(world, flags.html);
  const report = await read(flags, world, path, query);
  const style = name === "text" ? styleOf(world, flags) : plainStyle;
  world.stdout.write(format(report, { ...style, isAscii: !isUtf8(world) }));
  if (page) await writePage(page, "OpenCode's memory", report);
  return 0;
}

async function read(
  flags: HistoryFlags,
  world: World,
  path: string,
  query: PastQuery,
): Promise<HistoryReport> {
  using probe = world.openProbe();
  const memoryBytes = probe.memoryBytes();
  const frame = {
    toolVersion: world.version,
    takenAtMs: world.nowMs(),
    host: { os: probe.os, arch: probe.arch, memoryBytes },
    thresholds: thresholdsOf(flags, memoryBytes),
  };
  const database = await openHistory(world, { kind: "read", path });
  try {
    return readHistory([database], query, frame);
  } finally {
    database[Symbol.dispose]();
  }
}

/** What is asked for. Throws a UsageError for a time that ends before it begins. */
function queryOf(flags: HistoryFlags, world: World): PastQuery {
  const nowMs = world.nowMs();
  // What is recorded this very moment is a part of it.
  const span = spanOf(flags.since, flags.until, nowMs, Math.round(nowMs) + 1);
  const { sinceMs, untilMs } = span;
  if (sinceMs >= untilMs) {
    throw new UsageError(
      `Cannot show what was since ${isoTime(sinceMs)} until ${isoTime(untilMs)}: ` +
        "expected a --since that is before --until",
    );
  }
  const projects = (flags.project ?? []).flatMap((project) => absoluteFolders(project, world));
  return { ...span, pids: flags.pid ?? [], roles: flags.role ?? [], projects };
}

/** A page as a file. */

import { UsageError } from "../errors.ts";
import type { HistoryReport } from "../report/history.ts";
import { formatHistoryJson } from "../report/history_json.ts";
import type { WholeFile, World } from "../world.ts";

/** Command lines and paths are nobody else's business. */
const PRIVATE_MODE = 0o600;

/** The file for `--html`, opened before there is anything to write; null if none is asked for. */
export function openPage(world: World, path: string | undefined): WholeFile | null {
  if (path === undefined) return null;
  if (path === "-") {
    throw new UsageError('Cannot use --html "-": a page is written into a file. Name one');
  }
  return world.openFile(path, PRIVATE_MODE);
}

/** Writes the page of a history. */
export async function writePage(
  file: WholeFile,
  title: string,
  report: HistoryReport,
): Promise<void> {
  const { renderPage } = await import("../page/page.ts");
  file.write(await renderPage(formatHistoryJson(report), { title, live: null }));
  file.keep();
}

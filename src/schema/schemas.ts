/** All schemas by their names. */

import config from "./config.json" with { type: "json" };
import error from "./error.json" with { type: "json" };
import event from "./event.json" with { type: "json" };
import health from "./health.json" with { type: "json" };
import history from "./history.json" with { type: "json" };
import look from "./look.json" with { type: "json" };
import orphans from "./orphans.json" with { type: "json" };
import report from "./report.json" with { type: "json" };
import reportLine from "./report-line.json" with { type: "json" };
import selftest from "./selftest.json" with { type: "json" };
import settings from "./settings.json" with { type: "json" };
import show from "./show.json" with { type: "json" };
import stop from "./stop.json" with { type: "json" };
import track from "./track.json" with { type: "json" };
import trackLine from "./track-line.json" with { type: "json" };
import version from "./version.json" with { type: "json" };

/** A JSON Schema, as far as it is looked into here. */
export interface Schema {
  readonly title: string;
}

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  report,
  "report-line": reportLine,
  track,
  "track-line": trackLine,
  event,
  history,
  look,
  health,
  orphans,
  selftest,
  config,
  settings,
  show,
  stop,
  error,
  version,
};

/** The Report as NDJSON: a line for the whole of it, then one for each instance and each process. */

import { jsonInstance, jsonLine, jsonProcess, jsonReport } from "./json.ts";
import { type Report, type ReportInstance, shownOf } from "./report.ts";

/** Lines of the types `report`, `instance` and `process`; an instance's processes follow it. */
export function formatNdjson(report: Report): string {
  return jsonLine({ type: "report", ...jsonReport(report) }) +
    shownOf(report).map(instanceLines).join("");
}

function instanceLines(instance: ReportInstance): string {
  const pids = instance.processes.map((process) => process.pid);
  return jsonLine({ type: "instance", ...jsonInstance(instance), pids }) +
    instance.processes.map((process) =>
      jsonLine({ type: "process", instance: instance.id, ...jsonProcess(process) })
    ).join("");
}

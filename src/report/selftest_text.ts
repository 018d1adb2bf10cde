/** The self-test for people: what was asked, part by part, and the verdict as the last line. */

import {
  type Check,
  checkOfLevel,
  type CostFindings,
  type DiscoveryFindings,
  type FoundInstance,
  type TrackingFindings,
} from "../selftest/findings.ts";
import { colourOf, paint } from "./colour.ts";
import type { Style } from "./report.ts";
import type { SelfTestReport } from "./selftest.ts";
import { wrap } from "./table.ts";
import { formatBytes } from "./units.ts";
import { count, shortDirectory } from "./words.ts";

const INDENT = 2;
/** Width of `  ✗ FAILED  `, behind which the words of a check stand. */
const CHECK_INDENT = 12;
/** Stands for a space at which no line ends: between an amount and its unit. */
const NO_BREAK = "\u00a0";

/** A title for each part that there is, its lines below it, then the verdict. */
export function formatSelfTest(report: SelfTestReport, style: Style): string {
  const { host, discovery, tracking, thresholds, cost } = report;
  const machine = host
    ? ` on ${host.os} ${host.arch} with ${formatBytes(host.memoryBytes)} of memory`
    : "";
  const parts = [
    wrap(`ocmem ${report.toolVersion} self-test${machine}`, style.width, 0),
    ["Platform", ...sayChecks(report.platform, style)],
  ];
  if (discovery) parts.push(["Process Discovery", ...sayDiscovery(discovery, style)]);
  if (tracking) parts.push(["Memory Tracking", ...sayTracking(tracking, discovery, style)]);
  if (thresholds.length > 0) {
    parts.push(["Threshold Detection", ...sayChecks(thresholds.map(checkOfLevel), style)]);
  }
  if (cost) parts.push(["Cost", ...sayCost(cost, style)]);
  parts.push(wrap(verdict(report), style.width, 0));
  return parts.map((lines) => lines.join("\n")).join("\n\n") + "\n";
}

function verdict({ passed, checks: { made, failed } }: SelfTestReport): string {
  if (passed) return "Self-test passed";
  const checks = count(made, "check", "checks");
  return passed === null
    ? `Self-test interrupted: none of ${checks} failed`
    : `Self-test failed: ${failed} of ${checks}`;
}

function sayChecks(checks: readonly Check[], style: Style): string[] {
  return checks.flatMap(({ name, passed, detail }) => {
    const [first = "", ...rest] = wrap(`${name}: ${detail}`, style.width, CHECK_INDENT);
    const word = passed ? "✓ ok" : "✗ FAILED";
    const colour = colourOf(passed ? "normal" : "critical");
    const room = " ".repeat(CHECK_INDENT - INDENT - word.length);
    const head = `${" ".repeat(INDENT)}${paint(word, colour, style.colour)}${room}`;
    return [head + first.slice(CHECK_INDENT), ...rest];
  });
}

function sayDiscovery({ instances, scanned, unreadable, checks }: DiscoveryFindings, style: Style) {
  const processes = instances.reduce((sum, one) => sum + one.processes, 0);
  const of = `of ${count(scanned, "process", "processes")}`;
  const summary = instances.length === 0
    ? `No OpenCode process is running (${scanned} looked at)`
    : `${count(instances.length, "OpenCode instance", "OpenCode instances")}, ${processes} ${of}`;
  const hidden = unreadable > 0 ? `, ${unreadable} could not be looked at` : "";
  return [
    ...wrap(summary + hidden, style.width, INDENT),
    ...instances.flatMap((one) => wrap(sayInstance(one, style), style.width, INDENT)),
    ...sayChecks(checks, style),
  ];
}

function sayInstance(instance: FoundInstance, style: Style): string {
  const { role, pid, processes, footprintBytes, matchedBy, directory } = instance;
  const footprint = footprintBytes === null ? "unread" : formatBytes(footprintBytes);
  return `${role}, pid ${pid}: ${footprint} in ${count(processes, "process", "processes")}, ` +
    `found by ${matchedBy}, in ${shortDirectory(directory, style.home)}`;
}

function sayTracking(
  { pid, role, intervalMs, statistics, readings, checks }: TrackingFindings,
  discovery: DiscoveryFindings | null,
  style: Style,
): string[] {
  const none = discovery?.instances.length ? "can be read" : "is running";
  const subject = role === null
    ? `No OpenCode process ${none}: the self-test runs on itself, pid ${pid}`
    : `The largest OpenCode process, pid ${pid} (${role})`;
  const lines = [`${subject}, read every ${intervalMs} ms`];
  if (statistics) {
    const { min, max, mean } = statistics;
    const [least, most, average] = [min, max, mean].map((bytes) => formatBytes(Math.round(bytes)));
    lines.push(`samples ${statistics.count}, min ${least}, max ${most}, avg ${average}`);
    const all = readings.map((one) => one.missing ?? formatBytes(one.footprintBytes!));
    lines.push(`readings ${all.map((text) => text.replace(" ", NO_BREAK)).join(", ")}`);
  }
  return [
    ...lines.flatMap((line) => wrap(line, style.width, INDENT))
      .map((line) => line.replaceAll(NO_BREAK, " ")),
    ...sayChecks(checks, style),
  ];
}

function sayCost(cost: CostFindings, style: Style): string[] {
  const { enumerationMs, processes, memoryReadingUs, ownFootprintBytes } = cost;
  const lines = [
    `${amount(enumerationMs)} ms per enumeration of ${count(processes, "process", "processes")}`,
    `${amount(memoryReadingUs)} µs per memory reading`,
    `${ownFootprintBytes === null ? "-" : formatBytes(ownFootprintBytes)} own footprint`,
  ];
  return lines.flatMap((line) => wrap(line, style.width, INDENT));
}

/** Three digits, or `-` if it is not known. */
function amount(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(3)));
}

/** The alert rules against hours that are made up: promtool evaluates them, minute by minute. */

import assert from "node:assert/strict";
import { formatPrometheus } from "../../src/report/prometheus.ts";
import type { Report, Style } from "../../src/report/report.ts";
import { finished } from "../live/command_line.ts";
import { STYLE } from "../report/metric_reports.ts";
import { hasProgram, ROOT, temporaryFolder } from "../support.ts";

export const PROMTOOL = { promtool: hasProgram("promtool") };
export const RULES = `${ROOT}monitoring/alerts.yml`;

/** What a machine answers to the scrape of a minute, counted from 0; null: nothing. */
export type Machine = (minute: number) => Report | null;

/** A machine by its name, for so many minutes. */
export interface Timeline {
  readonly minutes: number;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly style?: Style;
  /** Those that push: nobody knows of them whether they could be scraped. */
  readonly pushed?: readonly string[];
}

/** A time in minutes, and the alerts that fire then: as often as they do, in the order of the alphabet. */
export type Firing = readonly [minute: number, alerts: readonly string[]];

/** An alert with its labels and summary. */
export interface Expected {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

interface Series {
  readonly series: string;
  readonly values: string;
}

/** Fails unless these alerts fire at these times, and no others. */
export async function expectFiring(timeline: Timeline, firing: readonly Firing[]): Promise<void> {
  const promql_expr_test = firing.map(([minute, alerts]) => ({
    expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
    eval_time: `${minute}m`,
    exp_samples: Array.from(Map.groupBy(alerts, (alert) => alert), ([alertname, all]) => ({
      labels: `{alertname="${alertname}"}`,
      value: all.length,
    })),
  }));
  await expectRules({ interval: "1m", input_series: seriesOf(timeline), promql_expr_test });
}

/** Fails unless alerts of this name fire at this time with all of this. */
export async function expectAlerts(
  timeline: Timeline,
  minute: number,
  alertname: string,
  exp_alerts: readonly Expected[],
): Promise<void> {
  const alert_rule_test = [{ eval_time: `${minute}m`, alertname, exp_alerts }];
  await expectRules({ interval: "1m", input_series: seriesOf(timeline), alert_rule_test });
}

async function expectRules(test: object): Promise<void> {
  using folder = temporaryFolder();
  const file = `${folder.path}/test.yml`;
  // JSON is YAML.
  Deno.writeTextFileSync(file, JSON.stringify({ rule_files: [RULES], tests: [test] }));
  const tested = await finished("promtool", ["test", "rules", file]);
  assert.deepEqual([tested.code, tested.stderr], [0, ""], tested.stdout);
}

/** Every sample of the timeline, as Prometheus would have stored it. */
function seriesOf({ minutes, machines, style = STYLE, pushed = [] }: Timeline): Series[] {
  return Object.entries(machines).flatMap(([instance, answer]) => {
    const stored = new Map<string, string[]>();
    for (let minute = 0; minute <= minutes; minute++) {
      const report = answer(minute);
      const lines = report === null ? [] : samplesOf(formatPrometheus(report, style));
      const up = pushed.includes(instance) ? [] : [["up", report ? "1" : "0"] as const];
      const now = new Map([...lines, ...up]);
      for (const series of new Set([...stored.keys(), ...now.keys()])) {
        const values = stored.get(series) ?? new Array(minute).fill("_");
        // What a scrape has no more is marked as gone, once.
        const gone = ["_", "stale"].includes(values.at(-1) ?? "_") ? "_" : "stale";
        stored.set(series, [...values, now.get(series) ?? gone]);
      }
    }
    return Array.from(stored, ([series, values]) => ({
      series: onTarget(series, instance),
      values: values.join(" "),
    }));
  });
}

function samplesOf(text: string): [series: string, value: string][] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const end = line.lastIndexOf(" ");
    return [line.slice(0, end), line.slice(end + 1)];
  });
}

/** With the labels that Prometheus adds. `team` is one that somebody gave to a target. */
function onTarget(series: string, instance: string): string {
  const labels = `instance="${instance}",job="node",team="web"`;
  return series.includes("{") ? series.replace("{", `{${labels},`) : `${series}{${labels}}`;
}

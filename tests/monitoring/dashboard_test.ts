/** The dashboard and the alerts as texts: whole, and made of what ocmem writes. */

import assert from "node:assert/strict";
import { metricFamilies } from "../../src/report/metrics.ts";
import { GIB, reading } from "../fake.ts";
import { reportOf, session, STYLE } from "../report/metric_reports.ts";
import { live } from "../support.ts";
import { dashboard, type Panel } from "./dashboard.ts";
import { RULES } from "./timeline.ts";

const DASHBOARD = dashboard();
const SOURCE = { type: "prometheus", uid: "${datasource}" };
/** What Prometheus has of its own. */
const OWN = ["ALERTS"];

/** Every metric that ocmem writes, with its labels. */
function metrics(): Map<string, Set<string>> {
  const [one] = [session("/srv/x", GIB)];
  const known = reading(GIB, { pssBytes: GIB, ussBytes: GIB });
  const sketch = {
    ...one!,
    level: "normal" as const,
    processes: [{ role: "tui" as const, reading: known }],
  };
  return new Map(
    metricFamilies(reportOf([sketch]), STYLE).map(({ name, type, samples }) => [
      type === "info" ? `${name}_info` : name,
      new Set(samples.flatMap(({ labels }) => Object.keys(labels))),
    ]),
  );
}

function queries(): string[] {
  const ofPanels = DASHBOARD.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const ofVariables = DASHBOARD.templating.list.map(({ query }) =>
    typeof query === "string" ? query : query.query
  );
  return [...ofPanels, ...ofVariables];
}

live("the dashboard shows every metric that a check writes, and none from nowhere", {}, () => {
  const known = metrics();
  const named = new Set(
    queries().flatMap((query) => query.match(/\b(?:opencode|ocmem)_\w+/g) ?? []),
  );
  for (const name of named) assert.ok(known.has(name), name);
  // Sizes that only --exact measures, and how many processes were passed by.
  const others = [
    "opencode_memory_pss_bytes",
    "opencode_memory_uss_bytes",
    "opencode_scanned_processes",
  ];
  assert.deepEqual([...known.keys()].filter((name) => !named.has(name)).sort(), others);
});

live("the alerts are made of metrics that ocmem writes", {}, () => {
  const rules = Deno.readTextFileSync(RULES);
  const known = metrics();
  const named = new Set(rules.match(/\b(?:opencode|ocmem)_\w+/g));
  assert.ok(named.size > 6);
  for (const name of named) assert.ok(known.has(name) || rules.includes(`:${name}:`), name);
  // What is recorded is used, what is used is recorded.
  const recorded = [...rules.matchAll(/record: (\S+)/g)].map(([, name]) => name);
  assert.deepEqual(recorded.toSorted(), [...new Set(rules.match(/\bopencode:[\w:]+/g))].sort());
  for (const name of recorded) assert.ok(rules.split(name!).length > 2, name);
});

live(
  "every selector of the dashboard asks for labels that its metric has, by the variables",
  {},
  () => {
    const known = metrics();
    let count = 0;
    for (const query of queries()) {
      for (const [, name, labels] of query.matchAll(/(\w+)\{([^}]*)\}/g)) {
        count++;
        if (OWN.includes(name!)) continue;
        for (const [, label] of labels!.matchAll(/(\w+)=/g)) {
          assert.ok(label === "instance" || known.get(name!)!.has(label!), `${label} of ${name}`);
        }
        assert.ok(labels!.includes('instance=~"$instance"'), query);
        for (const label of ["role", "project"]) {
          const isChosen = labels!.includes(`${label}=`) || !known.get(name!)!.has(label);
          const isVariable = query.startsWith("label_values") || /_limit_bytes/.test(name!);
          assert.ok(isChosen || isVariable, `${label} of ${name} is not chosen in ${query}`);
        }
      }
    }
    assert.ok(count > 30);
  },
);

live("panels have ids of their own, and fill 24 columns without a gap or an overlap", {}, () => {
  const { panels } = DASHBOARD;
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const taken = new Set<string>();
  for (const { gridPos: { x, y, w, h }, title } of panels) {
    assert.ok(x >= 0 && x + w <= 24 && w > 0 && h > 0, title);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        assert.ok(!taken.has(`${column} ${row}`), `${title} lies on another panel`);
        taken.add(`${column} ${row}`);
      }
    }
  }
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
  assert.equal(taken.size, 24 * height);
});

live("each panel says what it shows, in its unit, from the data source that is chosen", {}, () => {
  for (const panel of DASHBOARD.panels) {
    assert.ok(panel.title.length > 0 && panel.description.endsWith("."), panel.title);
    assert.deepEqual(panel.datasource, SOURCE);
    assert.ok(panel.targets.length > 0);
    assert.equal(new Set(panel.targets.map(({ refId }) => refId)).size, panel.targets.length);
    for (const { datasource } of panel.targets) assert.deepEqual(datasource, SOURCE);
    if (panel.type === "timeseries") {
      assert.equal(panel.fieldConfig.defaults.unit, unitOf(panel), panel.title);
      assert.ok(panel.targets.every(({ legendFormat }) => legendFormat), panel.title);
    }
  }
});

/** Grafana's: bytes of 1024, and shares of 1. */
function unitOf({ targets: [first] }: Panel): string {
  const bytes = first!.expr.match(/_bytes\b/g) ?? [];
  if (bytes.length === 2) return "percentunit";
  if (bytes.length === 1) return "bytes";
  return /_seconds\b/.test(first!.expr) ? "s" : "short";
}

live("legends name labels that are left, and levels have their words", {}, () => {
  for (const { title, targets } of DASHBOARD.panels) {
    for (const { expr, legendFormat = "" } of targets) {
      const left = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels]) =>
        labels!.split(", ")
      );
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        assert.ok(left.includes(label!), `${label} in the legend of ${title}`);
      }
    }
  }
  const text = JSON.stringify(DASHBOARD);
  const words = [["0", "normal"], ["1", "warning"], ["2", "critical"], ["3", "unknown"]] as const;
  for (const [level, word] of words) assert.ok(text.includes(`"${level}":{"text":"${word}"`), word);
});

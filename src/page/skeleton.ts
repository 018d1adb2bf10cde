/** The page's HTML around its data, scripts and styles: what is there before the script fills it. Pure. */

import { escapeHtml } from "./escape.ts";

export interface Skeleton {
  readonly title: string;
  readonly policy: string;
  readonly style: string;
  /** In this order; each in an element of its own. */
  readonly scripts: readonly string[];
  /** JSON that is safe in a script element. */
  readonly data: string;
  readonly live: string;
  /** Links at the end of the page: address and words. */
  readonly links: readonly (readonly [string, string])[];
}

/** An icon of its own, so that browsers don't ask anybody for one. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">` +
    `<path fill="#0a6ab8" d="M1 14V10l4-3 4 2 6-7v12z"/></svg>`,
);

const FIGURES = [
  ["total", "All instances together"],
  ["peak", "Highest total"],
  ["instances", "Instances"],
  ["alerts", "Alerts"],
  ["looks", "Looks"],
];

const MAIN = `
<main>
<dl id="figures">${
  FIGURES.map(([id, label]) =>
    `<div id="figure-${id}"><dt>${label}</dt><dd><strong></strong> <small></small></dd></div>`
  ).join("")
}</dl>
<p id="nothing" hidden>No OpenCode was seen in this time, so there is nothing to draw yet.</p>
<section id="chart-part" aria-label="Chart">
<div class="bar">
<div class="switch" role="group" aria-label="What is drawn">
<button type="button" id="processes" aria-pressed="true">Processes</button
><button type="button" id="instances" aria-pressed="false">Instances, stacked</button>
</div>
<div class="switch" role="group" aria-label="Zoom">
<button type="button" id="farther" aria-label="zoom out">−</button
><button type="button" id="nearer" aria-label="zoom in">+</button
><button type="button" id="reset" disabled>All</button>
</div>
</div>
<div id="chart" tabindex="0" role="application" aria-roledescription="chart"
 aria-label="Memory over time. The table below has its figures." aria-describedby="hint"></div>
<p id="hint">Drag to zoom, double-click for all.
<span>With the chart focused: <kbd>←</kbd> <kbd>→</kbd> move (<kbd>Shift</kbd> by ten),
<kbd>Home</kbd> <kbd>End</kbd>, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> or <kbd>Esc</kbd> for all.</span></p>
<p id="said" class="unseen" aria-live="polite"></p>
</section>
<section id="table-part">
<h2 id="table-title">Instances and processes</h2>
<div class="scroll" role="region" aria-labelledby="table-title" tabindex="0"><table id="table"></table></div>
</section>
<section>
<h2>Events</h2>
<p id="no-events">Nothing happened.</p>
<ol id="events"></ol>
<button type="button" id="more-events" class="quiet" hidden></button>
</section>
</main>`;

/** The whole document. */
export function htmlOf(skeleton: Skeleton): string {
  const { title, policy, style, scripts, data, live, links } = skeleton;
  const name = escapeHtml(title);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<link rel="icon" href="${escapeHtml(ICON)}">
<style>${style}</style>
</head>
<body>
<header>
<h1>${name}</h1>
<p id="state" role="status"></p>
<p id="about"></p>
</header>
<noscript><p>This page draws its chart with a script, and scripts are switched off.</p></noscript>${MAIN}
<footer>
<p id="made"></p>
${links.map(([href, words]) => `<a href="${escapeHtml(href)}">${escapeHtml(words)}</a>`).join("\n")}
</footer>
<script type="application/json" id="data">${data}</script>
<script type="application/json" id="live">${live}</script>
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

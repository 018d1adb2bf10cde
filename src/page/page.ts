/**
 * A page that draws a history document: one HTML file that needs nothing else. Loads the chart's library: to be
 * imported where a page is made, and nowhere else.
 */

import uplotLicence from "uplot/LICENSE" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import { CLIENT_MODULES } from "./client.ts";
import { escapeJson } from "./escape.ts";
import { inlineModules } from "./inline.ts";
import ownStyle from "./page.css" with { type: "text" };
import { htmlOf } from "./skeleton.ts";

/** Where a live page finds its server's answers: paths relative to its own. */
export interface LivePaths {
  /** Server-sent events. */
  readonly events: string;
  /** The history document, anew. */
  readonly history: string;
  /** The report of now, for whoever follows the link. */
  readonly report: string;
}

export interface PageOptions {
  readonly title: string;
  /** null: the page shows what it has, and asks nobody. */
  readonly live: LivePaths | null;
}

const STYLE = `${uplotStyle}\n${ownStyle}`;
let ownScript: string | null = null;

/** uPlot's script, and the page's own in a scope of its own. */
function scripts(): readonly string[] {
  ownScript ??= `(() => {\n${inlineModules(CLIENT_MODULES)}})();\n`;
  return [`/*\n${uplotLicence}\n*/\n${uplotScript}`, ownScript];
}

/** Whole HTML that draws `document`, the JSON text of a history document. */
export async function renderPage(document: string, options: PageOptions): Promise<string> {
  const { title, live } = options;
  return htmlOf({
    title,
    policy: await pagePolicy({ isLive: live !== null }),
    style: STYLE,
    scripts: scripts(),
    data: escapeJson(document.trim()),
    live: escapeJson(JSON.stringify(live)),
    links: live ? [[live.history, "history as JSON"], [live.report, "report of now as JSON"]] : [],
  });
}

/**
 * The Content-Security-Policy that the page has in itself, for a server to send as a header, which can say more:
 * `frame-ancestors 'none'` counts only there.
 */
export async function pagePolicy({ isLive }: { readonly isLive: boolean }): Promise<string> {
  const hashes = await Promise.all(scripts().map(hashOf));
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    `style-src ${await hashOf(STYLE)}`,
    `connect-src ${isLive ? "'self'" : "'none'"}`,
    // The icon, without which browsers would ask for one.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { CLIENT_MODULES } from "../../src/page/client.ts";
import { escapeHtml, escapeJson } from "../../src/page/escape.ts";
import { pagePolicy, renderPage } from "../../src/page/page.ts";
import { pure } from "../support.ts";
import { documentOf, START } from "./documents.ts";

const HOSTILE = `</script><script>alert(1)</script><!--<script>&amp;"'\u2028\u2029`;
const LIVE = { events: "events", history: "api/history", report: "api/report" };
const DOCUMENT = JSON.stringify({
  ...documentOf([{ at: START, bytes: [1, 2, 3, 4, 5] }]),
  hostile: HOSTILE,
});

/** Contents of the elements of a name that have these attributes. */
function contents(html: string, tag: string, attributes = ""): string[] {
  return [...html.matchAll(new RegExp(`<${tag}${attributes}>([^]*?)</${tag}>`, "g"))].map((
    [, text],
  ) => text!);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}

function policyOf(html: string): string {
  const [, escaped = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ??
    [];
  return escaped.replaceAll("&#39;", "'");
}

pure("the page has the document as it was given, whatever is in it", async () => {
  const html = await renderPage(DOCUMENT, { title: "t", live: null });
  const [data] = contents(html, "script", ` type="application/json" id="data"`);
  assert.deepEqual(JSON.parse(data!), JSON.parse(DOCUMENT));
  assert.equal(contents(html, "script", "[^>]*").length, 4);
  assert.doesNotMatch(html, /[\u2028\u2029]/);
});

pure("scripts and styles are those that the policy names, and no others are allowed", async () => {
  const html = await renderPage(DOCUMENT, { title: "t", live: null });
  const scripts = await Promise.all(contents(html, "script").map(sha256));
  const styles = await Promise.all(contents(html, "style").map(sha256));
  assert.deepEqual([scripts.length, styles.length], [2, 1]);
  assert.equal(
    policyOf(html),
    `default-src 'none'; script-src ${
      scripts.join(" ")
    }; style-src ${styles}; connect-src 'none'; ` +
      "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
      "trusted-types 'none'",
  );
  assert.equal(await pagePolicy({ isLive: false }), policyOf(html));
});

pure("a live page may ask its own server, and knows its paths", async () => {
  const html = await renderPage(DOCUMENT, { title: "t", live: LIVE });
  assert.match(policyOf(html), /; connect-src 'self';/);
  assert.equal(await pagePolicy({ isLive: true }), policyOf(html));
  assert.deepEqual(
    JSON.parse(contents(html, "script", ` type="application/json" id="live"`)[0]!),
    LIVE,
  );
  assert.match(html, /<a href="api\/history">/);
});

pure("a title is text", async () => {
  const html = await renderPage(DOCUMENT, { title: `<b>${HOSTILE}`, live: null });
  assert.doesNotMatch(html, /<b>/);
  assert.equal(contents(html, "title")[0], escapeHtml(`<b>${HOSTILE}`));
});

pure("the page names no address but SVG's and, in a comment, uPlot's", async () => {
  const html = await renderPage(DOCUMENT, { title: "t", live: LIVE });
  const addresses = html.replace("/*! https://github.com/leeoniya/uPlot ", "").matchAll(
    /\w+:\/\/[^\s"'`)]*/g,
  );
  const others = [...addresses].filter(([address]) =>
    !address.startsWith("http://www.w3.org/2000/svg")
  );
  assert.deepEqual(others, []);
  assert.doesNotMatch(html, /<[^>]+\s(?:style|on\w+)=/);
});

pure("any JSON is the same after it was escaped, and can't end its element", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    assert.deepEqual(JSON.parse(escapeJson(json)), JSON.parse(json));
    assert.doesNotMatch(escapeJson(json), /[<>&\u2028\u2029]/);
  }));
  assert.equal(escapeJson(`"<\u2028"`), String.raw`"\u003c\u2028"`);
});

pure("the script stays modest", async () => {
  for (const { name, text } of CLIENT_MODULES) {
    assert.ok(text.length <= 8192, `${name} is too long`);
  }
  const [, own] = contents(await renderPage("{}", { title: "t", live: null }), "script");
  assert.ok(own!.length < 60_000, `${own!.length}`);
});

/** How a page looks, and what it may not do, in a real browser. */

import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { renderPage } from "../../src/page/page.ts";
import { documentOf, INTERVAL_MS, MiB, START } from "../page/documents.ts";
import { storyDocument } from "../page/story.ts";
import { live, temporaryFolder } from "../support.ts";
import { BROWSER, open, pixelsOf, plotState, withBrowser } from "./browser.ts";

/** Runs with the address of the page of a document. */
async function withFile(
  document: object,
  body: (browser: Browser, address: string) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const file = `${folder.path}/page.html`;
  Deno.writeTextFileSync(
    file,
    await renderPage(JSON.stringify(document), { title: "t", live: null }),
  );
  await withBrowser((browser) => body(browser, `file://${file}`));
}

/** The colour of the page, and whether the chart's labels are lighter than it. */
async function brightness(
  page: Page,
): Promise<{ page: string; lightest: number; darkest: number }> {
  // Colours are there a moment after the change, when the browser paints.
  await page.evaluate(() =>
    new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))
  );
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#chart canvas")!;
    const context = canvas.getContext("2d")!;
    // Where the axis of bytes has its labels.
    const { data } = context.getImageData(0, 0, 60, canvas.height);
    let [lightest, darkest] = [0, 255];
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3]! < 255) continue;
      lightest = Math.max(lightest, data[i]!);
      darkest = Math.min(darkest, data[i]!);
    }
    return { page: getComputedStyle(document.body).backgroundColor, lightest, darkest };
  });
}

live(
  "light and dark, as the system is, on canvas too, and also when it changes",
  BROWSER,
  async () => {
    await withFile(storyDocument(), async (browser, address) => {
      const light = { page: "rgb(255, 255, 255)" };
      const dark = { page: "rgb(20, 23, 27)" };
      const { page, complaints } = await open(browser, address, { colorScheme: "dark" });
      const atNight = await brightness(page);
      assert.equal(atNight.page, dark.page);
      assert.ok(atNight.lightest > 140, "labels are light");
      await page.emulateMedia({ colorScheme: "light" });
      const byDay = await brightness(page);
      assert.equal(byDay.page, light.page);
      assert.ok(byDay.darkest < 110 && byDay.lightest < 120, "labels are dark");
      await page.emulateMedia({ colorScheme: "dark", media: "print" });
      const onPaper = await brightness(page);
      assert.equal(onPaper.page, light.page);
      assert.ok(onPaper.darkest < 90, "labels are dark on paper");
      assert.equal(await page.locator("#reset").isVisible(), false);
      assert.deepEqual(complaints, []);
    });
  },
);

live("a page of 400 px does not scroll sideways, whatever names are in it", BROWSER, async () => {
  await withFile(storyDocument(), async (browser, address) => {
    const { page, complaints } = await open(browser, address, { width: 400 });
    for (const view of ["#processes", "#instances"]) {
      await page.click(view);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 400);
      const chart = await page.locator("#chart canvas").boundingBox();
      assert.ok(chart!.x >= 0 && chart!.x + chart!.width <= 400);
    }
    await page.setViewportSize({ width: 900, height: 800 });
    await page.waitForFunction(() => document.querySelector("#chart canvas")!.clientWidth > 600);
    assert.deepEqual(complaints, []);
  });
});

/** Things that no page of this policy can do, and what forbids them. */
const FORBIDDEN: readonly (readonly [directive: string, attempt: () => void])[] = [
  [
    "img-src",
    () => document.body.append(Object.assign(new Image(), { src: "https://a.example/" })),
  ],
  ["style-src-attr", () => document.body.setAttribute("style", "color: red")],
  ["connect-src", () => void fetch("https://a.example/").catch(() => {})],
  [
    "base-uri",
    () => document.head.append(Object.assign(document.createElement("base"), { href: "/" })),
  ],
  ["form-action", () => {
    const form = Object.assign(document.createElement("form"), { action: "https://a.example/" });
    document.body.append(form);
    form.submit();
  }],
  ["require-trusted-types-for", () => document.body.innerHTML = "<img src=x onerror=alert(1)>"],
  ["require-trusted-types-for", () => document.body.setAttribute("onclick", "alert(1)")],
  [
    "frame-src",
    () => document.body.append(Object.assign(document.createElement("iframe"), { src: "/" })),
  ],
];

live("what the code does not do, the policy does not allow", BROWSER, async () => {
  await withFile(storyDocument(), async (browser, address) => {
    const { page } = await open(browser, address);
    for (const [directive, attempt] of FORBIDDEN) {
      const heard = await page.evaluate(`new Promise((resolve) => {
        const settings = { once: true };
        addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), settings);
        try { (${attempt})(); } catch { /* Refused at once. */ }
      })`);
      assert.equal(heard, directive);
    }
  });
});

live(
  "500 processes of 600 points each: the largest are drawn, all are in the table",
  BROWSER,
  async () => {
    const processes = Array.from({ length: 500 }, (_, i) => ({
      instance: i - i % 100,
      pid: i,
      role: i % 100 === 0 ? "server" : "child",
      name: `p${i}`,
    }));
    const looks = Array.from({ length: 600 }, (_, n) => ({
      at: START + n * INTERVAL_MS,
      bytes: processes.map(({ pid }) => (pid + 1) * MiB + (n * pid) % 1000),
    }));
    await withFile(documentOf(looks, { processes }), async (browser, address) => {
      const { page, complaints } = await open(browser, address);
      const { labels, data } = await plotState(page);
      assert.deepEqual([labels.length, data[0]!.length], [13, 600]);
      assert.ok(await pixelsOf(page, "s0") > 100);
      // 5 instances with 10 processes each, until more are asked for.
      const rows = page.locator("#table tbody .mark");
      assert.equal(await rows.count(), 55);
      await page.click("text=Show 90 more of A");
      assert.equal(await rows.count(), 145);
      await page.locator("#table tbody tr.instance input").first().check();
      assert.equal((await plotState(page)).labels.length, 101);
      await page.click("#instances");
      assert.deepEqual((await plotState(page)).labels.length, 7);
      assert.deepEqual(complaints, []);
    });
  },
);

/** What stands around the chart of a page, and that text of strangers stays text, in a real browser. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { renderPage } from "../../src/page/page.ts";
import { documentOf, HOSTILE_CWD, HOSTILE_NAME, START } from "../page/documents.ts";
import { EVENTS, storyDocument } from "../page/story.ts";
import { live, temporaryFolder } from "../support.ts";
import { BROWSER, open, plotState, withBrowser } from "./browser.ts";

/** Runs with the page of a document, which must not have complained in the end. */
async function withPage(
  document: object,
  body: (page: Page) => Promise<void>,
  title = "t",
): Promise<void> {
  using folder = temporaryFolder();
  const file = `${folder.path}/page.html`;
  Deno.writeTextFileSync(file, await renderPage(JSON.stringify(document), { title, live: null }));
  await withBrowser(async (browser) => {
    const { page, complaints, requests } = await open(browser, `file://${file}`);
    await body(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests, [`file://${file}`]);
  });
}

/** The marks of the rows, from top to bottom. */
function marks(page: Page): Promise<string[]> {
  return page.locator("#table tbody .mark").allTextContents();
}

live("the table is sorted by the header that is pressed, and says so", BROWSER, async () => {
  await withPage(storyDocument(), async (page) => {
    const sortedBy = () =>
      page.locator("#table th[aria-sort]").evaluateAll((heads) =>
        heads.map((head) => `${head.textContent} ${head.getAttribute("aria-sort")}`)
      );
    assert.deepEqual(await sortedBy(), ["Peak descending"]);
    assert.deepEqual(await marks(page), ["A", "A1", "A2", "A3", "B", "B1", "B2"]);
    await page.click("#table th.growth button");
    // 4000 grew by 2380 MiB, 4002 by 69 MiB, 4001 by less; of B, 5001 by nothing and 5000 by 12 MiB.
    assert.deepEqual([await sortedBy(), await marks(page)], [
      ["Growth descending"],
      ["A", "A1", "A2", "A3", "B", "B1", "B2"],
    ]);
    await page.click("#table th.growth button");
    assert.deepEqual([await sortedBy(), await marks(page)], [
      ["Growth ascending"],
      ["B", "B2", "B1", "A", "A3", "A2", "A1"],
    ]);
    await page.focus("#table th.seen button");
    await page.keyboard.press("Enter");
    // 4002 came 20 minutes after the others, which stay as they were.
    assert.deepEqual([await sortedBy(), await marks(page)], [
      ["Seen ascending"],
      ["A", "A1", "A3", "A2", "B", "B1", "B2"],
    ]);
  });
});

live("a box switches a line off and on, an instance's box all of its lines", BROWSER, async () => {
  await withPage(storyDocument(), async (page) => {
    const shown = async () =>
      (await plotState(page)).labels.slice(1).map((label) => label.slice(0, 2));
    const box = (mark: string) =>
      page.locator("#table tbody tr", { has: page.locator(`.mark:text-is("${mark}")`) }).locator(
        "input",
      );
    assert.deepEqual(await shown(), ["A1", "A2", "A3", "B1", "B2"]);
    await box("A2").uncheck();
    assert.deepEqual(await shown(), ["A1", "A3", "B1", "B2"]);
    assert.equal(await box("A").evaluate((one) => (one as HTMLInputElement).indeterminate), true);
    await box("B").uncheck();
    assert.deepEqual(await shown(), ["A1", "A3"]);
    await box("B").check();
    await box("A2").check();
    assert.deepEqual(await shown(), ["A1", "A2", "A3", "B1", "B2"]);
    await page.click("#instances");
    await box("A").uncheck();
    assert.deepEqual((await plotState(page)).labels, [
      "time",
      "Bopencode 5000",
      "1 others",
      "total",
    ]);
    assert.equal(await box("A1").isDisabled(), true);
  });
});

live(
  "alerts have signs on the axis, which tell what happened and lead to it",
  BROWSER,
  async () => {
    await withPage(storyDocument(), async (page) => {
      const signs = page.locator(".signs button");
      assert.deepEqual(await signs.evaluateAll((all) => all.map((one) => one.className)), [
        "warning",
        "critical",
      ]);
      await signs.nth(0).hover();
      const tip = page.locator(".tip");
      assert.deepEqual(await tip.locator("bdi").allTextContents(), [
        EVENTS[1]!.message,
        EVENTS[2]!.message,
      ]);
      await page.mouse.move(5, 5);
      assert.equal(await tip.isVisible(), false);
      await signs.nth(1).focus();
      assert.deepEqual(await tip.locator("bdi").allTextContents(), [EVENTS[3]!.message]);
      await page.keyboard.press("Enter");
      assert.equal(
        await page.evaluate(() => document.activeElement?.querySelector("bdi")?.textContent),
        EVENTS[3]!.message,
      );
      const listed = await page.locator("#events bdi").allTextContents();
      assert.deepEqual(listed, EVENTS.map(({ message }) => message).reverse());
    });
  },
);

live("text of strangers is text, wherever it is shown", BROWSER, async () => {
  const title = `${HOSTILE_NAME}</title><script>alert(4)</script>`;
  await withPage(storyDocument(), async (page) => {
    const elements = await page.evaluate(() => ({
      images: document.images.length,
      scripts: document.scripts.length,
      bold: document.querySelectorAll("bdi *").length,
    }));
    assert.deepEqual(elements, { images: 0, scripts: 4, bold: 0 });
    const names = await page.locator("#table .name").allTextContents();
    assert.equal(names.filter((name) => name === HOSTILE_NAME).length, 1);
    const details = await page.locator("#table .detail").allTextContents();
    assert.ok(details.includes(HOSTILE_CWD));
    assert.equal(await page.title(), title);
    assert.equal(await page.textContent("h1"), title);
  }, title);
});

live("a document of nothing says so, and one of a single look is drawn", BROWSER, async () => {
  await withPage(documentOf([]), async (page) => {
    assert.match(await page.textContent("main") ?? "", /No OpenCode was seen in this time/);
    assert.equal(await page.locator("#nothing").isVisible(), true);
    assert.equal(await page.locator("#chart").isVisible(), false);
  });
  await withPage(documentOf([{ at: START, bytes: [9, 8, 7, 6, 5] }]), async (page) => {
    const { data, x } = await plotState(page);
    assert.deepEqual(data, [[START], [9], [8], [7], [6], [5]]);
    assert.deepEqual(x, [START - 30_000, START + 30_000]);
    const dots = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("#chart canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(
        canvas.width / 2 - 3,
        0,
        6,
        canvas.height,
      );
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(dots > 5);
  });
});

/** The chart of a static page, opened as a file in a real browser. */

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { formatBytes } from "../../src/page/client/bytes.js";
import { renderPage } from "../../src/page/page.ts";
import { LOOKS, storyDocument } from "../page/story.ts";
import { live, temporaryFolder } from "../support.ts";
import { BROWSER, open, pixelsOf, plotState, type Watched, withBrowser } from "./browser.ts";

const [FIRST, LAST] = [LOOKS[0]!.at, LOOKS.at(-1)!.at];

/** Runs with the story's page, which must not have complained in the end. */
async function withPage(
  body: (watched: Watched, browser: Browser) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const file = `${folder.path}/page.html`;
  const html = await renderPage(JSON.stringify(storyDocument()), { title: "t", live: null });
  Deno.writeTextFileSync(file, html);
  await withBrowser(async (browser) => {
    const watched = await open(browser, `file://${file}`);
    await body(watched, browser);
    assert.deepEqual(watched.complaints, []);
    assert.deepEqual(watched.requests, [`file://${file}`]);
  });
}

/** Moves the mouse to a share of the plot's width. */
async function hover({ page }: Watched, share: number): Promise<void> {
  const box = await page.locator(".u-over").boundingBox();
  await page.mouse.move(box!.x + box!.width * share, box!.y + box!.height / 3);
}

live("the chart has the document's processes and values, and is drawn", BROWSER, async () => {
  await withPage(async ({ page }) => {
    const { data, labels, x, y } = await plotState(page);
    assert.deepEqual(labels, [
      "time",
      "A1opencode 4000",
      "A2<img src=x onerror=alert(1)> 4002",
      "A3node 4001",
      "B1opencode 5000",
      "B2gopls 5001",
    ]);
    const order = [0, 2, 1, 3, 4];
    const [times, ...columns] = data;
    for (const { at, bytes } of LOOKS) {
      const i = times!.indexOf(at);
      assert.deepEqual(columns.map((column) => column[i]), order.map((n) => bytes[n] ?? null));
    }
    assert.deepEqual(x, [FIRST, LAST]);
    // 2880 MiB is the highest; every half GiB is a cut.
    assert.deepEqual(y, [0, 3 * 2 ** 30]);
    for (const colour of ["s0", "s1", "s2", "s3", "s4"]) {
      assert.ok(await pixelsOf(page, colour) > 100, colour);
    }
    // The critical limit goes from one side to the other: more than its words have.
    assert.ok(await pixelsOf(page, "critical") > 900);
  });
});

live("the legend has the values at the cursor, and the last ones without it", BROWSER, async () => {
  await withPage(async (watched) => {
    const order = [0, 2, 1, 3, 4];
    const said = ({ bytes }: typeof LOOKS[number]) => order.map((n) => formatBytes(bytes[n]));
    assert.deepEqual((await plotState(watched.page)).values.slice(1), said(LOOKS.at(-1)!));
    for (const share of [0.1, 0.3, 0.9]) {
      await hover(watched, share);
      const { index, data, values } = await plotState(watched.page);
      const at = data[0]![index!];
      const look = LOOKS.find((one) => one.at === at)!;
      assert.ok(Math.abs((look.at - FIRST) / (LAST - FIRST) - share) < 0.01);
      assert.deepEqual(values.slice(1), said(look));
      // Kolkata is at UTC+05:30 all year round.
      const local = new Date(look.at + 5.5 * 3_600_000).toISOString().slice(0, 19);
      assert.equal(values[0], local.replace("T", " "));
    }
  });
});

live(
  "instances are stacked to the total, and the legend has their own values",
  BROWSER,
  async () => {
    await withPage(async (watched) => {
      const { page } = watched;
      await page.click("#instances");
      assert.equal(await page.getAttribute("#instances", "aria-pressed"), "true");
      assert.equal(await page.getAttribute("#processes", "aria-pressed"), "false");
      const { data, labels } = await plotState(page);
      assert.deepEqual(labels, ["time", "Aopencode 4000", "Bopencode 5000", "total"]);
      const sum = (bytes: readonly (number | null | undefined)[]) =>
        bytes.reduce<number>((total, one) => total + (one ?? 0), 0);
      for (const { at, bytes } of LOOKS) {
        const i = data[0]!.indexOf(at);
        const tops = [sum(bytes.slice(0, 3)), sum(bytes), sum(bytes)];
        assert.deepEqual(data.slice(1).map((column) => column[i]), tops);
      }
      await hover(watched, 0.95);
      const { index, data: [times], values } = await plotState(page);
      const { bytes } = LOOKS.find(({ at }) => at === times![index!])!;
      const own = [sum(bytes.slice(0, 3)), sum(bytes.slice(3)), sum(bytes)];
      assert.deepEqual(values.slice(1), own.map(formatBytes));
      for (const colour of ["s0", "s1"]) assert.ok(await pixelsOf(page, colour) > 100, colour);
      assert.equal(await pixelsOf(page, "s2"), 0);
    });
  },
);

live("dragging zooms, a double click and a button show all again", BROWSER, async () => {
  await withPage(async (watched) => {
    const { page } = watched;
    const reset = page.locator("#reset");
    for (const undo of [() => page.dblclick(".u-over"), () => reset.click()]) {
      assert.equal(await reset.isDisabled(), true);
      await hover(watched, 0.2);
      await page.mouse.down();
      await hover(watched, 0.4);
      await page.mouse.up();
      const { x, y } = await plotState(page);
      const shares = x.map((at) => (at - FIRST) / (LAST - FIRST));
      assert.ok(
        Math.abs(shares[0]! - 0.2) < 0.01 && Math.abs(shares[1]! - 0.4) < 0.01,
        `${shares}`,
      );
      // The highest in sight is 1680 MiB; the critical limit of 2 GiB is near, and half a GiB above it the next cut.
      assert.deepEqual(y, [0, 2.5 * 2 ** 30]);
      assert.equal(await reset.isDisabled(), false);
      await undo();
      assert.deepEqual((await plotState(page)).x, [FIRST, LAST]);
    }
  });
});

live(
  "with the keyboard: the cursor moves, + and - zoom, 0 and Escape show all",
  BROWSER,
  async () => {
    await withPage(async ({ page }) => {
      const at = async () => {
        const { index, data: [times] } = await plotState(page);
        return LOOKS.findIndex((look) => look.at === times![index!]);
      };
      const length = async () => {
        const { x } = await plotState(page);
        return (x[1] - x[0]) / (LAST - FIRST);
      };
      await page.focus("#chart");
      await page.keyboard.press("Home");
      assert.equal(await at(), 0);
      for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
      assert.equal(await at(), 3);
      await page.keyboard.press("Shift+ArrowRight");
      assert.equal(await at(), 13);
      await page.keyboard.press("ArrowLeft");
      assert.equal(await at(), 12);
      assert.match(await page.textContent("#said") ?? "", /^2026-11-25 11:42:00, A1 740 MiB, /);
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      assert.ok(Math.abs(await length() - 0.25) < 1e-6);
      assert.equal(await at(), 12);
      // The view goes along with the cursor.
      await page.keyboard.press("End");
      assert.equal((await plotState(page)).x[1], LAST);
      await page.keyboard.press("-");
      assert.ok(Math.abs(await length() - 0.5) < 1e-6);
      await page.keyboard.press("0");
      assert.equal(await length(), 1);
      await page.keyboard.press("+");
      await page.keyboard.press("Escape");
      assert.equal(await length(), 1);
    });
  },
);

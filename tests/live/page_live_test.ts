/** A live page in a real browser: looks as they come. */

import assert from "node:assert/strict";
import { formatBytes } from "../../src/page/client/bytes.js";
import { documentOf, GiB, INTERVAL_MS, MiB } from "../page/documents.ts";
import { messageOf } from "../page/messages.ts";
import { ends, FIRST, LAST, look, says, withLive } from "../page/living.ts";
import { serve } from "../page/serving.ts";
import { live } from "../support.ts";
import { BROWSER, open, plotState, withBrowser } from "./browser.ts";

live("looks come to the chart, the table, the figures and the title", BROWSER, async () => {
  await withLive(async (serving, { page }) => {
    await says(page, "#state", /^live$/);
    serving.send("look", {
      ...messageOf(look(1, [3 * GiB, 9 * MiB, undefined, MiB, MiB])),
      level: "critical",
    });
    await says(page, "#figure-total", formatBytes(3 * GiB + 11 * MiB));
    assert.deepEqual(await ends(page), {
      time: LAST + INTERVAL_MS,
      "opencode 4000": 3 * GiB,
      "<img src=x onerror=alert(1)> 4002": null,
      "node 4001": 9 * MiB,
      "opencode 5000": MiB,
      "gopls 5001": MiB,
    });
    assert.equal(await page.title(), "CRITICAL 3.01 GiB – mybox");
    assert.equal(
      await page.locator("#table tr.process td.peak").first().textContent(),
      "over critical: 3 GiB",
    );
    assert.equal(
      await page.locator("#table tr.process td.growth").first().textContent(),
      "+2.51 GiB",
    );
    assert.equal(await page.locator("#figure-looks strong").textContent(), "121");
  });
});

live(
  "who comes is drawn and listed, who goes stays, events and alerts are told",
  BROWSER,
  async () => {
    await withLive(async (serving, { page }) => {
      const event = {
        ...{ type: "event", event: "growth", at: new Date(LAST + INTERVAL_MS).toISOString() },
        ...{ message: "process 4002 grows", subject: "process", instance: "4000-17", pid: 4002 },
      };
      serving.send("look", messageOf(look(1, [GiB, undefined, 7 * MiB, MiB, MiB]), [event]));
      await says(page, "#events", "process 4002 grows");
      assert.equal(await page.locator("#figure-alerts strong").textContent(), "1");
      assert.equal((await ends(page))["<img src=x onerror=alert(1)> 4002"], 7 * MiB);
      assert.equal((await ends(page))["node 4001"], null);
      const gone = page.locator("#table tr.gone .name");
      assert.deepEqual(await gone.allTextContents(), ["node"]);
      assert.equal(await page.locator(".signs button.growth").count(), 1);
    });
  },
);

live("a page of nothing comes to life with the first look", BROWSER, async () => {
  await using serving = serve(documentOf([]));
  await withBrowser(async (browser) => {
    const { page, complaints } = await open(browser, serving.address);
    await serving.opened(1);
    assert.equal(await page.locator("#nothing").isVisible(), true);
    serving.send("look", messageOf(look(1, [GiB, MiB, undefined, MiB, MiB])));
    await says(page, "#figure-looks", "1");
    assert.equal(await page.locator("#nothing").isVisible(), false);
    assert.equal((await ends(page))["opencode 4000"], GiB);
    assert.ok((await page.locator("#chart canvas").boundingBox())!.width > 1000);
    assert.deepEqual(complaints, []);
  });
});

live("a zoomed view stays where it is while looks come", BROWSER, async () => {
  await withLive(async (serving, { page }) => {
    await page.click("#nearer");
    const before = (await plotState(page)).x;
    serving.send("look", messageOf(look(1, [GiB, MiB, MiB, MiB, MiB])));
    await says(page, "#figure-looks", "121");
    assert.deepEqual((await plotState(page)).x, before);
    await page.click("#reset");
    // The window is as long as the document's, and slides.
    assert.deepEqual((await plotState(page)).x, [FIRST + INTERVAL_MS, LAST + INTERVAL_MS]);
  });
});

live(
  "a page that nobody sees draws nothing but its title, until somebody looks",
  BROWSER,
  async () => {
    await withLive(async (serving, { page }) => {
      const show = (isHidden: boolean) =>
        page.evaluate((hidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }, isHidden);
      await show(true);
      serving.send("look", messageOf(look(1, [GiB, MiB, undefined, MiB, MiB])));
      await page.waitForFunction(() => document.title === "1 GiB – mybox");
      assert.equal(await page.locator("#figure-looks strong").textContent(), "120");
      await show(false);
      assert.equal(await page.locator("#figure-looks strong").textContent(), "121");
      assert.equal((await ends(page))["opencode 4000"], GiB);
    });
  },
);

/** A live page in a real browser whose stream breaks, and whose machine sleeps. */

import assert from "node:assert/strict";
import { documentOf, GiB, MiB } from "../page/documents.ts";
import { messageOf } from "../page/messages.ts";
import { ends, look, says, withLive } from "../page/living.ts";
import { LOOKS, storyDocument } from "../page/story.ts";
import { live } from "../support.ts";
import { BROWSER } from "./browser.ts";

live("after a break the page has what it missed, and goes on", BROWSER, async () => {
  await withLive(async (serving, { page }) => {
    await says(page, "#state", /^live$/);
    const more = [...LOOKS, look(1, [2 * GiB, MiB, MiB, MiB, MiB])];
    serving.document = documentOf(more);
    serving.cut();
    await says(page, "#state", "connection lost, trying again");
    await serving.opened(2);
    await says(page, "#state", /^live$/);
    assert.equal((await ends(page))["opencode 4000"], 2 * GiB);
    assert.deepEqual(serving.asked.slice(-2), ["/api/history", "/events"]);
    serving.send("look", messageOf(look(2, [GiB, MiB, MiB, MiB, MiB])));
    await says(page, "#figure-looks", "122");
    assert.equal((await ends(page))["opencode 4000"], GiB);
    assert.equal(serving.open, 1);
  });
});

live("a server that is away for a while is tried until it is back", BROWSER, async () => {
  await withLive(async (serving, { page }) => {
    await page.clock.install();
    await page.reload();
    await serving.opened(2);
    serving.document = null;
    serving.cut();
    await says(page, "#state", "connection lost, trying again");
    const answered = page.waitForResponse("**/api/history");
    await page.clock.runFor(3000);
    assert.equal((await answered).status(), 503);
    serving.document = storyDocument();
    const next = page.waitForResponse("**/api/history");
    await page.clock.runFor(6000);
    assert.equal((await next).status(), 200);
    await serving.opened(3);
    await says(page, "#state", /^live$/);
  }, /503/);
});

live(
  "a page that slept fetches anew when it wakes, though its stream looks alive",
  BROWSER,
  async () => {
    await withLive(async (serving, { page }) => {
      await page.clock.install();
      await page.reload();
      await serving.opened(2);
      serving.send("ping", {});
      await says(page, "#state", /^live$/);
      await page.clock.fastForward(25_000);
      await says(page, "#state", /^nothing heard for (2\d|30)s$/);
      serving.document = documentOf([...LOOKS, look(1, [2 * GiB, MiB, MiB, MiB, MiB])]);
      await page.clock.fastForward("08:00:00");
      await serving.opened(3);
      await says(page, "#state", /^live$/);
      assert.equal((await ends(page))["opencode 4000"], 2 * GiB);
      assert.equal(serving.open, 1);
    });
  },
);

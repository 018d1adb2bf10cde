/** A live page of the story in a real browser, with a server that does what the test says. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { open, plotState, type Watched, withBrowser } from "../live/browser.ts";
import { INTERVAL_MS, type Seen } from "./documents.ts";
import { serve, type Serving } from "./serving.ts";
import { LOOKS, storyDocument } from "./story.ts";

export const FIRST = LOOKS[0]!.at;
export const LAST = LOOKS.at(-1)!.at;
/** The look so many intervals after the story's last. */
export function look(after: number, bytes: readonly (number | undefined)[]): Seen {
  return { at: LAST + after * INTERVAL_MS, bytes };
}

/** Runs with a live page of the story. Where breaks are part of it, the browser's word on them is expected. */
export async function withLive(
  body: (serving: Serving, watched: Watched) => Promise<void>,
  expected: RegExp | null = null,
): Promise<void> {
  await using serving = serve(storyDocument());
  await withBrowser(async (browser) => {
    const watched = await open(browser, serving.address);
    await serving.opened(1);
    await body(serving, watched);
    assert.deepEqual(watched.complaints.filter((one) => !expected?.test(one)), []);
    const own = new URL(serving.address).origin;
    assert.deepEqual(watched.requests.filter((one) => !one.startsWith(own)), []);
    const paths = new Set(["/", "/events", "/api/history"]);
    assert.deepEqual(serving.asked.filter((path) => !paths.has(path)), []);
  });
}

/** Waits until an element says so. */
export async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** The last value of each series. */
export async function ends(page: Page): Promise<Record<string, number | null>> {
  const { data, labels } = await plotState(page);
  return Object.fromEntries(
    labels.map((label, i) => [label.replace(/^\w\d/, ""), data[i]!.at(-1)!]),
  );
}

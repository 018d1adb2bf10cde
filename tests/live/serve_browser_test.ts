/// <reference lib="dom" />
/** The real server and a real browser: the page lives, and pages of others get nothing. */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { live } from "../support.ts";
import { BROWSER, open, withBrowser } from "./browser.ts";
import { Served } from "./serve_started.ts";

const TOKEN = "correct-horse-battery";
const NAMED = ["--pid", `${Deno.pid}`, "--interval", "200ms"];

/** The looks that the page says it has. */
async function looksOf(page: Page): Promise<number> {
  return Number((await page.locator("#figure-looks strong").textContent())!.replace(/\D/g, ""));
}

/** Waits until the page has more looks than it had. */
async function hears(page: Page): Promise<void> {
  const before = await looksOf(page);
  await page.waitForFunction(
    (least) =>
      Number(document.querySelector("#figure-looks strong")!.textContent!.replace(/\D/g, "")) >
        least,
    before,
  );
}

live("serve: the page lives in a browser, without a word of complaint", BROWSER, async () => {
  await using served = await Served.start(NAMED);
  await withBrowser(async (browser) => {
    const { page, complaints, requests } = await open(browser, `${served.url}/`);
    await hears(page);
    await hears(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests.filter((url) => !url.startsWith("data:")), [
      `${served.url}/`,
      `${served.url}/events`,
    ]);
  });
});

live(
  "serve: the token in the address opens the page, and is gone from there",
  BROWSER,
  async () => {
    await using served = await Served.start(NAMED, { OCMEM_TOKEN: TOKEN });
    await withBrowser(async (browser) => {
      const { page } = await open(browser, `${served.url}/`);
      assert.equal(await page.title(), "ocmem: a token is needed");
      await page.goto(`${served.url}/?token=${TOKEN}`);
      assert.equal(page.url(), `${served.url}/`);
      await hears(page);
      assert.equal(await page.evaluate(() => document.cookie), "");
      // A link from elsewhere brings no cookie: the page that says so has a link that does.
      await page.goto("data:text/html,<a id=a>open</a>");
      await page.evaluate(
        (url) => document.querySelector("#a")!.setAttribute("href", url),
        served.url,
      );
      await page.click("#a");
      await page.click("text=Then go on");
      await hears(page);
    });
  },
);

/** What a page of this address can get of the server: statuses, texts, or that it failed. */
async function thieved(page: Page, url: string): Promise<Record<string, string>> {
  return await page.evaluate(async (url) => {
    const asked = async (path: string, how: RequestInit) => {
      try {
        const response = await fetch(url + path, how);
        return `${response.type} ${response.status} ${await response.text()}`;
      } catch {
        return "failed";
      }
    };
    const loads = (name: string, attribute: string) =>
      new Promise<string>((resolve) => {
        const element = document.createElement(name);
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("failed"));
        element.setAttribute(attribute, `${url}/api/report`);
        document.body.append(element);
      });
    const frame = document.createElement("iframe");
    const isFramed = new Promise((resolve) => frame.addEventListener("load", resolve));
    frame.src = `${url}/`;
    document.body.append(frame);
    await isFramed;
    const stream = new EventSource(`${url}/events`);
    const streamed = await new Promise<string>((resolve) => {
      stream.addEventListener("look", () => resolve("look"));
      stream.addEventListener("error", () => resolve("failed"));
    });
    stream.close();
    return {
      cors: await asked("/api/report", {}),
      withCookies: await asked("/api/report", { credentials: "include" }),
      noCors: await asked("/api/report", { mode: "no-cors" }),
      post: await asked("/", { method: "POST", body: "x" }),
      preflight: await asked("/api/report", { headers: { "X-Any": "y" } }),
      script: await loads("script", "src"),
      image: await loads("img", "src"),
      frame: frame.contentDocument === null ? "closed" : frame.contentDocument.title,
      stream: streamed,
    };
  }, url);
}

live("serve: a page of another port or name gets nothing of it", BROWSER, async () => {
  await using served = await Served.start(NAMED);
  await using strangers = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    return new Response("<!DOCTYPE html><title>strange</title>", {
      headers: { "content-type": "text/html" },
    });
  });
  const { port } = strangers.addr;
  await withBrowser(async (browser) => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const { page } = await open(browser, `http://${host}:${port}/`);
      assert.deepEqual(await thieved(page, served.url), {
        ...{ cors: "failed", withCookies: "failed", noCors: "failed", post: "failed" },
        ...{ preflight: "failed", script: "failed", image: "failed", frame: "closed" },
        stream: "failed",
      });
    }
    // A link may open the front page, which nobody else can then look into.
    const { page } = await open(browser, `http://localhost:${port}/`);
    await page.evaluate((url) => void (location.href = url), `${served.url}/`);
    await page.waitForURL(`${served.url}/`);
    await hears(page);
  });
});

live("serve: a name that is made to lead here is refused (DNS rebinding)", BROWSER, async () => {
  await using served = await Served.start(NAMED);
  await withBrowser(async (browser) => {
    const page = await browser.newPage();
    const response = await page.goto(`http://evil.example:${served.port}/api/report`);
    assert.equal(response!.status(), 403);
    assert.doesNotMatch(await response!.text(), new RegExp(`${Deno.pid}`));
    // By its own name the same browser gets it.
    const own = await page.goto(`http://localhost:${served.port}/api/report`);
    assert.equal(own!.status(), 200);
  }, ["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
});

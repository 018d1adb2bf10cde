/// <reference lib="dom" />
/** A real browser: headless Chromium, and what a page did in it. */

import { type Browser, chromium, type ConsoleMessage, type Page } from "playwright-core";
import { programPath } from "../support.ts";

/** Where it is: Debian's, or where that is missing Chrome, as on Ubuntu's machines for CI. */
const PROGRAM = programPath("chromium") ?? programPath("google-chrome");

/** What tests in a browser need. */
export const BROWSER = { chromium: PROGRAM !== null };

const ARGUMENTS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export interface Look {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

/** A page, and what it must not do. */
export interface Watched {
  readonly page: Page;
  /** Errors, warnings and other words on the console, uncaught errors, dialogs. */
  readonly complaints: string[];
  /** Addresses that were asked for. */
  readonly requests: string[];
}

/** Runs with a browser, which is closed in the end. `more`: arguments of it. */
export async function withBrowser(
  body: (browser: Browser) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: PROGRAM!,
    args: [...ARGUMENTS, ...more],
  });
  try {
    await body(browser);
  } finally {
    await browser.close();
  }
}

/** Opens an address in a fresh page, which has a time zone that machines rarely have. */
export async function open(
  browser: Browser,
  address: string,
  { width = 1280, colorScheme = "light" }: Look = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme,
    timezoneId: "Asia/Kolkata",
    locale: "en-GB",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message: ConsoleMessage) => {
    // Tests read what is drawn: a hint that it could be read faster is about them.
    if (!message.text().startsWith("Canvas2D: ")) complaints.push(message.text());
  });
  page.on("pageerror", (error: Error) => complaints.push(String(error)));
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}

/** uPlot's own state, as far as tests ask for it. */
export interface PlotState {
  readonly data: readonly (readonly (number | null)[])[];
  /** What the legend calls each series. */
  readonly labels: readonly string[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Index of the time under the cursor. */
  readonly index: number | null;
  /** What the legend says of each series, of the time first. */
  readonly values: readonly string[];
}

/** What uPlot itself says of the chart. */
export function plotState(page: Page): Promise<PlotState> {
  return page.evaluate(() => {
    // deno-lint-ignore no-explicit-any
    const u = (document.getElementById("chart") as any).uplot;
    const { x, y } = u.scales;
    return {
      data: u.data,
      // deno-lint-ignore no-explicit-any
      labels: u.series.map(({ label }: any) => label?.textContent ?? label),
      x: [x.min, x.max],
      y: [y.min, y.max],
      index: u.cursor.idx ?? null,
      values: [...document.querySelectorAll(".u-legend .u-value")].map((one) =>
        one.textContent ?? ""
      ),
    };
  });
}

/**
 * How many pixels of the chart's canvas have a colour of the style sheet, `s0` or `critical`, or are at least a
 * third of it on white: thin lines have few that are all of it.
 */
export function pixelsOf(page: Page, colour: string): Promise<number> {
  return page.evaluate((name) => {
    const style = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const ink = [1, 3, 5].map((at) => 255 - Number.parseInt(style.slice(at, at + 2), 16));
    const square = ink.reduce((sum, one) => sum + one * one, 0);
    const canvas = document.querySelector<HTMLCanvasElement>("#chart canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const alpha = data[i + 3]! / 255;
      const there = ink.map((_, k) => (255 - data[i + k]!) * alpha);
      const share = there.reduce((sum, one, k) => sum + one * ink[k]!, 0) / square;
      const isLike = there.every((one, k) => Math.abs(one - share * ink[k]!) < 12);
      if (share > 1 / 3 && share < 1.05 && isLike) count++;
    }
    return count;
  }, colour);
}

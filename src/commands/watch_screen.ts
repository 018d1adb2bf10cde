/** The live screen of `watch`. */

import { judgeProcess, limitsOf, worst } from "../classify.ts";
import type { Watcher } from "../follow/watcher.ts";
import type { Looked } from "../look.ts";
import { wantsColour } from "../report/colour.ts";
import type { EventRecord } from "../report/event.ts";
import { visible } from "../report/harmless.ts";
import type { Past } from "../report/process_table.ts";
import {
  buildReport,
  type JudgedInstance,
  type Report,
  type ReportProcess,
} from "../report/report.ts";
import { localTime, type News, renderScreen } from "../report/screen.ts";
import { saySummary, type WatchPlan, type WatchSummary } from "../report/watch_lines.ts";
import type { World } from "../world.ts";
import type { WatchFlags } from "./flags.ts";
import type { Shown, View, Wheel } from "./view.ts";
import { levelOf } from "./watch_view.ts";
import { WatchedSessions } from "./watched_sessions.ts";

/** xterm's private modes: another screen buffer, a hidden cursor, updates that are shown at once. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const BEGIN_UPDATE = "\x1b[?2026h\x1b[H";
const END_UPDATE = "\x1b[J\x1b[?2026l";
/** ECMA-48: erase the line. Before its text: behind a full line it would erase the last character. */
const ERASE_LINE = "\x1b[2K";
/** Ctrl-C, which a terminal that passes keys on does not turn into a signal; and q. */
const QUIT_KEYS = new Set(["q", "Q", "\x03"]);
const LOOK_KEYS = new Set(["r", "R", " "]);
/** More news than any window has lines for. */
const MOST_NEWS = 200;
/** News that stay on the terminal when the screen is left. */
const LAST_NEWS = 5;

export class ScreenView implements View {
  readonly #flags: WatchFlags;
  readonly #world: World;
  readonly #plan: WatchPlan;
  readonly #watcher: Watcher;
  readonly #wheel: Wheel;
  readonly #news: News[] = [];
  readonly #sessions: WatchedSessions | null;
  #keyboard: Disposable | null = null;
  #shown: Shown | null = null;
  #isOpen = true;

  private constructor(
    flags: WatchFlags,
    world: World,
    plan: WatchPlan,
    watcher: Watcher,
    wheel: Wheel,
  ) {
    this.#flags = flags;
    this.#world = world;
    this.#plan = plan;
    this.#watcher = watcher;
    this.#wheel = wheel;
    const isAsked = flags.sessions !== false;
    this.#sessions = isAsked ? new WatchedSessions(world, (notes) => this.#note(notes)) : null;
  }

  /** Takes the terminal. It is given back by `dispose`, whatever happens. */
  static async open(
    flags: WatchFlags,
    world: World,
    plan: WatchPlan,
    watcher: Watcher,
    wheel: Wheel,
  ): Promise<ScreenView> {
    const view = new ScreenView(flags, world, plan, watcher, wheel);
    view.#keyboard = await world.openScreen({
      key: (text) => view.#press(text),
      resize: () => view.#draw(),
    });
    world.stdout.write(ENTER);
    return view;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  show(shown: Shown): void {
    // The terminal was closed, and nobody said so: there is nobody left to show anything to.
    if (this.#world.size() === null) return this.#wheel.stop.now();
    this.#shown = shown;
    this.tell(shown.events);
    this.#sessions?.take(shown);
  }

  tell(events: readonly EventRecord[]): void {
    for (const { atMs, kind, message, standing } of events) {
      const level = kind === "level" ? standing?.level ?? null : null;
      this.#add({ atMs, name: kind, message, level });
    }
    this.#draw();
  }

  trouble(atMs: number, message: string): void {
    this.#add({ atMs, name: "trouble", message, level: "unknown" });
    this.#draw();
  }

  end(summary: WatchSummary): void {
    this.#leave();
    if (this.#world.size() === null) return;
    const last = this.#news.slice(-LAST_NEWS).map(({ name, message }) => `  ${name}: ${message}\n`);
    this.#world.stdout.write(`Watched for ${saySummary(summary)}\n${last.join("")}`);
  }

  sleep(ms: number, cut: AbortSignal): Promise<void> {
    return this.#world.sleep(ms, cut);
  }

  #press(key: string): void {
    if (QUIT_KEYS.has(key)) this.#wheel.stop.now();
    else if (LOOK_KEYS.has(key)) this.#wheel.hurry.ask();
  }

  /** Sessions have come, and maybe what could not be found out of them. */
  #note(notes: readonly string[]): void {
    const atMs = this.#world.nowMs();
    for (const note of notes) {
      this.#add({ atMs, name: "note", message: visible(note), level: null });
    }
    this.#draw();
  }

  #add(news: News): void {
    this.#news.push(news);
    if (this.#news.length > MOST_NEWS) this.#news.shift();
  }

  #draw(): void {
    const size = this.#world.size();
    if (!this.#shown || !size || !this.#isOpen) return;
    const style = {
      colour: wantsColour(this.#flags.color ?? "auto", this.#world),
      home: this.#world.env("HOME") || null,
    };
    const report = this.#report(this.#shown);
    const scene = {
      report: this.#sessions?.added(report, this.#shown, { showSecrets: this.#showSecrets }) ??
        report,
      pastOf: (process: ReportProcess) => this.#pastOf(process),
      news: this.#news,
      intervalMs: this.#plan.intervalMs,
      timeOf: localTime,
    };
    const lines = renderScreen(scene, size, style).map((line) => ERASE_LINE + line);
    const isRead = this.#world.stdout.write(BEGIN_UPDATE + lines.join("\r\n") + END_UPDATE);
    if (!isRead) this.#wheel.stop.now();
  }

  #leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#keyboard?.[Symbol.dispose]();
    if (this.#world.size() !== null) this.#world.stdout.write(LEAVE);
  }

  #report({ tick, look }: Shown): Report {
    const { toolVersion, host, thresholds } = this.#plan;
    const found = look.found.map((one) => this.#judge(one)).filter((one) => one.judged.length > 0);
    const level = worst(found.map((one) => one.verdict?.level ?? "normal"));
    const scan = { processes: look.scanned, durationMs: 0, unreadable: look.unreadable };
    const frame = { toolVersion, host, thresholds, level, exitCode: 0, scan };
    const showSecrets = this.#showSecrets;
    return buildReport({ ...frame, takenAtMs: tick.atMs }, found, { showSecrets });
  }

  get #showSecrets(): boolean {
    return this.#flags["show-secrets"] ?? false;
  }

  #judge({ instance, samples }: Looked): JudgedInstance {
    const { thresholds } = this.#plan;
    const judged = instance.members.map((member, i) => {
      const sample = samples[i]!;
      const level = levelOf(sample, member.role, this.#watcher, thresholds);
      const verdict = judgeProcess(sample, limitsOf(thresholds, member.role));
      return { member, sample, verdict: { ...verdict, level } };
    }).filter(({ sample }) => !("missing" in sample && sample.missing === "gone"));
    const level = thresholds.scope === "instance"
      ? this.#watcher.pulseOfInstance(instance.id)?.level ?? "normal"
      : worst(judged.filter((j) => j.member.role !== "zombie").map((j) => j.verdict.level));
    const because = judged[0]?.verdict.because;
    return { instance, judged, verdict: because ? { level, because } : null };
  }

  #pastOf(process: ReportProcess): Past {
    const pulse = this.#watcher.pulseOf({ pid: process.pid, started: process.started });
    return {
      peakBytes: pulse?.peakBytes ?? null,
      slope: pulse?.trend?.slope ?? null,
      history: pulse?.history ?? [],
    };
  }
}

/** Where watching shows: lines on any output, or a live screen on a terminal. */

import { judgeProcess, limitsOf, worst } from "../classify.ts";
import type { Watcher } from "../follow/watcher.ts";
import { wantsColour } from "../report/colour.ts";
import {
  logLines,
  ndjsonLines,
  type Watched,
  type WatchLines,
  type WatchPlan,
  type WatchSummary,
} from "../report/watch_lines.ts";
import type { EventRecord } from "../report/event.ts";
import type { Level, Role, Sample, Thresholds } from "../types.ts";
import type { World } from "../world.ts";
import type { WatchFlags } from "./flags.ts";
import { formatOf } from "./format.ts";
import { adviceOn } from "./watch_advice.ts";
import { sleepWhileRead } from "./reader.ts";
import type { Stop } from "./stop.ts";
import type { Shown, View, Wheel } from "./view.ts";

/** The view that the flags and the terminal ask for. */
export async function openView(
  flags: WatchFlags,
  world: World,
  plan: WatchPlan,
  watcher: Watcher,
  wheel: Wheel,
): Promise<View> {
  const format = formatOf(flags, "ndjson", "text");
  const isScreen = format === "text" && world.stdout.isTerminal() && world.env("TERM") !== "dumb" &&
    world.size() !== null;
  if (isScreen) {
    const { ScreenView } = await import("./watch_screen.ts");
    return await ScreenView.open(flags, world, plan, watcher, wheel);
  }
  const colour = wantsColour(flags.color ?? "auto", world);
  const lines = format === "ndjson" ? ndjsonLines() : logLines({ colour });
  const advises = flags.advice === false ? null : { showSecrets: flags["show-secrets"] ?? false };
  return new LinesView(lines, world, plan, watcher, wheel.stop, advises);
}

/** The level of a process as it was announced; where totals are judged, as its reading says. */
export function levelOf(
  sample: Sample,
  role: Role,
  watcher: Watcher,
  thresholds: Thresholds,
): Level {
  const raw = judgeProcess(sample, limitsOf(thresholds, role)).level;
  if (thresholds.scope === "instance") return raw;
  const announced = watcher.pulseOf(sample.key)?.level ?? "normal";
  return raw === "unknown" ? worst([announced, raw]) : announced;
}

class LinesView implements View {
  readonly #lines: WatchLines;
  readonly #world: World;
  readonly #plan: WatchPlan;
  readonly #watcher: Watcher;
  readonly #stop: Stop;
  /** null: nobody wants to know what to do. */
  readonly #advises: { readonly showSecrets: boolean } | null;
  #isBegun = false;

  constructor(
    lines: WatchLines,
    world: World,
    plan: WatchPlan,
    watcher: Watcher,
    stop: Stop,
    advises: { readonly showSecrets: boolean } | null,
  ) {
    this.#lines = lines;
    this.#world = world;
    this.#plan = plan;
    this.#watcher = watcher;
    this.#stop = stop;
    this.#advises = advises;
  }

  [Symbol.dispose](): void {}

  show({ tick: { atMs }, look, events }: Shown): void {
    const levels = new Map(
      look.found.flatMap(({ instance, samples }) =>
        samples.map((sample, i) => {
          const { role } = instance.members[i]!;
          return [sample.key.pid, levelOf(sample, role, this.#watcher, this.#plan.thresholds)];
        })
      ),
    );
    const watched: Watched = {
      ...{ atMs, look, events },
      levelOf: (pid) => levels.get(pid) ?? "unknown",
      adviceOn: (event) => this.#advises ? adviceOn(event, look, this.#plan, this.#advises) : null,
    };
    const head = this.#isBegun ? "" : this.#lines.begin(this.#plan, watched);
    this.#isBegun = true;
    this.#write(head + this.#lines.look(watched));
  }

  tell(events: readonly EventRecord[]): void {
    this.#write(this.#lines.tell(events));
  }

  trouble(atMs: number, message: string): void {
    this.#write(this.#lines.trouble(atMs, message));
  }

  end(summary: WatchSummary): void {
    this.#write(this.#lines.end(summary));
  }

  sleep(ms: number, cut: AbortSignal): Promise<void> {
    return sleepWhileRead(this.#world, this.#stop, ms, cut);
  }

  #write(text: string): void {
    if (text === "" || this.#stop.isUnread) return;
    if (!this.#world.stdout.write(text)) this.#stop.leave();
  }
}

/** The live screen of `watch` in a real terminal. */

import assert from "node:assert/strict";
import truncatedWidth from "fast-string-truncated-width";
import type { Size } from "../../src/world.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";
import { act, type Actor, castAs, NEEDS as ACTORS } from "./actor.ts";
import { documented } from "./program.ts";
import { Children, until } from "./processes.ts";
import { Terminal } from "./terminal.ts";

const NEEDS: Readonly<Record<string, boolean>> = { ...ACTORS, tmux: hasProgram("tmux") };
const KEYS = "q quit  r look now";

/** A terminal in which a shell runs the command line, and then waits. Its folder holds what it notes. */
class Screen extends Terminal {
  /** Runs the command line with these words, without a quote in them, over what is there already. */
  async run(words: readonly string[], size: Size): Promise<void> {
    const command = [...documented(), ...words].map((word) => `'${word}'`).join(" ");
    const notes = `${this.path}/notes`;
    await this.open(
      `
      cd '${ROOT}'
      echo 'what was there before'
      stty -a >'${notes}.before'
      /bin/sh -c 'echo $$ >"$0.pid"; exec "$@"' '${notes}' ${command} 2>'${notes}.errors'
      echo $? >'${notes}.code'
      stty -a >'${notes}.after'
      echo over >'${notes}.over'
      exec cat
      `,
      size,
    );
  }

  /** What the shell has noted under a name, or "" as long as it has not. */
  note(name: string): string {
    try {
      return Deno.readTextFileSync(`${this.path}/notes.${name}`).trim();
    } catch {
      return "";
    }
  }

  /** Whether the cursor shows, and whether it is the other one of its two screens. */
  async state(): Promise<{ readonly cursor: boolean; readonly other: boolean }> {
    const flags = await this.tmux("display-message", "-p", "#{cursor_flag} #{alternate_on}");
    const [cursor, other] = flags.trim().split(" ").map((flag) => flag === "1");
    return { cursor: cursor!, other: other! };
  }
}

/** Watches actors with long names, in a terminal of 80 by 24. */
async function withScreen(
  spawned: number,
  body: (terminal: Screen, actor: Actor) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  const place = `${folder.path}/日本語 ${"long ".repeat(10)}`;
  const path = castAs(`${place}/actor`);
  const argv = [path, ..."argument ".repeat(30).trim().split(" ")];
  const spawn = Array<{ path: string; argv: string[] }>(spawned).fill({ path, argv });
  const actor = await act(children, path, { args: argv.slice(1), cwd: place, spawn });
  await using terminal = new Screen();
  // Anchored: what carries the pattern to the program does not match it.
  const words = ["watch", "--interval", "1h", "--match", `^${folder.path}/`];
  await terminal.run(words, { columns: 80, rows: 24 });
  await body(terminal, actor);
}

function isComplete(rows: number): (lines: readonly string[]) => boolean {
  return (lines) => lines.length === rows && lines[rows - 1] === KEYS;
}

function assertLayout(lines: readonly string[], columns: number): void {
  for (const line of lines) assert(truncatedWidth(line).width <= columns, line);
  assert.match(lines[0]!, /^OCMEM \w+ - .* \d\d:\d\d:\d\d {2}every 1h$/);
  assert.equal(lines[1], "");
  assert.match(lines[2]!, /^ *PID +ROLE +LEVEL +FOOTPRINT +.*PEAK +TREND +HISTORY\b/);
}

/** The row of a process in the table. */
function rowOf(lines: readonly string[], pid: number): string {
  return lines.find((line) => line.trimStart().startsWith(`${pid} `)) ?? "";
}

live("the screen fits its window, and another size of it", NEEDS, async () => {
  await withScreen(25, async (terminal, { pid, below }) => {
    const lines = await terminal.shows("the screen", isComplete(24));
    assertLayout(lines, 80);
    assert.match(rowOf(lines, pid), / match +normal +.*B +.*B +- ▁ /);
    assert(lines.some((line) => /^… and \d+ processes more$/.test(line)), "more than fit");
    assert(lines.some((line) => new RegExp(` found +instance ${pid} `).test(line)), "news");
    await terminal.tmux("resize-window", "-x", "120", "-y", "40");
    const larger = await terminal.shows("the larger screen", isComplete(40));
    assertLayout(larger, 120);
    assert(larger.filter((line) => / match +normal /.test(line)).length > 15, "more of them");
    await terminal.tmux("resize-window", "-x", "80", "-y", "50");
    const all = await terminal.shows("the higher screen", isComplete(50));
    assertLayout(all, 80);
    for (const one of [pid, ...below]) assert.notEqual(rowOf(all, one), "");
    await terminal.tmux("resize-window", "-x", "20", "-y", "4");
    // The keys are on its last line from the beginning.
    const isTiny = (lines: readonly string[]) => isComplete(4)(lines) && /^OCMEM/.test(lines[0]!);
    const tiny = await terminal.shows("the tiny screen", isTiny);
    for (const line of tiny) assert(truncatedWidth(line).width <= 20, line);
  });
});

live("the screen looks at once when it is asked", NEEDS, async () => {
  await withScreen(0, async (terminal, { pid }) => {
    await terminal.shows("the screen", isComplete(24));
    for (const [key, bars] of [["r", 2], ["Space", 3]] as const) {
      await terminal.tmux("send-keys", key);
      const wanted = new RegExp(` [▁-█]{${bars}} `);
      const lines = await terminal.shows(
        `look ${bars}`,
        (lines) => wanted.test(rowOf(lines, pid)),
      );
      assertLayout(lines, 80);
    }
    await terminal.tmux("send-keys", "q");
    const [, summary] = await terminal.shows(
      "the end",
      ([, summary]) => /^Watched for /.test(summary ?? ""),
    );
    assert.match(summary!, /, 3 looks: \d+ instances?, \d+ events?, peak /);
  });
});

const ENDS: Readonly<Record<string, (terminal: Screen) => Promise<unknown>>> = {
  "q": (terminal) => terminal.tmux("send-keys", "q"),
  "Ctrl-C": (terminal) => terminal.tmux("send-keys", "C-c"),
  "SIGTERM": async (terminal) => await Deno.kill(Number(terminal.note("pid")), "SIGTERM"),
};

for (const [name, end] of Object.entries(ENDS)) {
  live(`the screen ends with ${name}, and leaves the terminal as it was`, NEEDS, async () => {
    await withScreen(0, async (terminal, { pid }) => {
      const lines = await terminal.shows("the screen", isComplete(24));
      assert(!lines.includes("what was there before"));
      assert.deepEqual(await terminal.state(), { cursor: false, other: true });
      await end(terminal);
      await until("the end", () => terminal.note("over") !== "");
      assert.equal(terminal.note("code"), "0");
      assert.equal(terminal.note("errors"), "");
      assert.equal(terminal.note("after"), terminal.note("before"));
      const [before, summary, ...rest] = await terminal.shows(
        "the summary",
        (lines) => lines.some((line) => line.startsWith("Watched for ")),
      );
      assert.equal(before, "what was there before");
      assert.match(summary!, /^Watched for \w+, 1 look: /);
      assert(rest.some((line) => line.startsWith(`  found: instance ${pid} `)), rest.join("\n"));
      assert.deepEqual(await terminal.state(), { cursor: true, other: false });
    });
  });
}

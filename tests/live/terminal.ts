/** A real terminal, of tmux: shell texts run in it, keys are typed into it, its lines are read. */

import assert from "node:assert/strict";
import type { Size } from "../../src/world.ts";
import { temporaryFolder } from "../support.ts";
import { finished } from "./command_line.ts";
import { type Start, until } from "./processes.ts";

/** A terminal in which a shell text runs, with a folder of its own. */
export class Terminal implements AsyncDisposable {
  readonly #folder = temporaryFolder();

  get path(): string {
    return this.#folder.path;
  }

  /** Runs a shell text in its folder. */
  async open(script: string, { columns, rows }: Size = { columns: 80, rows: 24 }): Promise<void> {
    const file = `${this.path}/run.sh`;
    Deno.writeTextFileSync(file, `cd '${this.path}'\n${script}`);
    await this.tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, "/bin/sh", file);
  }

  /** Starts a program in its folder, or in `cwd`, and returns its pid. `env` is added to the environment. */
  async launch(
    program: string,
    { args = [], env = {}, cwd = this.path }: Start,
    size?: Size,
  ): Promise<number> {
    const file = `${this.path}/pid`;
    const own = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const words = ["env", "-u", "TMUX", ...own, program, ...args].map(quoted).join(" ");
    // Only what is complete gets the name that is looked for.
    const script = `cd ${quoted(cwd)}; echo $$ >'${file}.new'; mv '${file}.new' '${file}'\n`;
    await this.open(`${script}exec ${words}\n`, size);
    await until("its pid", () => isThere(file));
    return Number(Deno.readTextFileSync(file));
  }

  async tmux(...args: readonly string[]): Promise<string> {
    const server = ["-u", "-f", "/dev/null", "-S", `${this.path}/tmux`];
    const { code, stdout, stderr } = await finished("tmux", [...server, ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** Its lines, with those that were too wide for it in one piece again. */
  async lines(): Promise<string[]> {
    const text = await this.tmux("capture-pane", "-p", "-J");
    return text.replace(/\n$/, "").split("\n").map((line) => line.trimEnd());
  }

  /** Waits until its lines fit, and returns them. */
  async shows(what: string, fits: (lines: readonly string[]) => boolean): Promise<string[]> {
    let lines: string[] = [];
    let looking: Promise<void> | null = null;
    await until(what, () => {
      looking ??= this.lines().then((now) => {
        lines = now;
        looking = null;
      });
      return fits(lines);
    });
    await looking;
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may have ended with its last window.
    await this.tmux("kill-server").catch(() => {});
    this.#folder[Symbol.dispose]();
  }
}

/** A word of a shell's text. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function isThere(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

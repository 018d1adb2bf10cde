/** A real terminal, of tmux: shell texts run in it, keys are typed into it, its lines are read. */

import assert from "node:assert/strict";
import type { Size } from "../../src/world.ts";
import { temporaryFolder } from "../support.ts";
import { finished } from "./command_line.ts";

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

  async tmux(...args: readonly string[]): Promise<string> {
    const server = ["-u", "-f", "/dev/null", "-S", `${this.path}/tmux`];
    const { code, stdout, stderr } = await finished("tmux", [...server, ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may have ended with its last window.
    await this.tmux("kill-server").catch(() => {});
    this.#folder[Symbol.dispose]();
  }
}

/** Shells in which `ocmem` is a program on the PATH, with OpenCode running in a hostile folder. */

import assert from "node:assert/strict";
import { temporaryFolder } from "../support.ts";
import { act, castAs } from "./actor.ts";
import { type Outcome } from "./command_line.ts";
import { documented } from "./program.ts";
import { Children } from "./processes.ts";
import { Terminal } from "./terminal.ts";

/** A folder's name that a shell would run, expand, split, unescape or lose the colon of. */
export const HOSTILE = "$(touch a) `touch b` ';touch c;' \"${x:-1}\" %s%n * ~ \\n:d\\ \x1b[31m\n|&";

/** HOSTILE as text from strangers is shown: what is no printable character as an escape. */
export const SHOWN = HOSTILE.replace("\x1b", "\\x1b").replace("\n", "\\n");

/** Somebody's home, in which nothing changes while shells complete. */
export class Home implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  readonly #children = new Children();
  /** OpenCode's processes in HOSTILE and in the home itself. */
  readonly pids: number[] = [];

  constructor() {
    const command = documented()
      .map((word) => `'${word}'`).join(" ");
    Deno.mkdirSync(`${this.path}/bin`);
    this.write("bin/ocmem", `#!/bin/sh\nexec ${command} "$@"\n`);
    Deno.chmodSync(`${this.path}/bin/ocmem`, 0o755);
    this.write("some file.txt", "");
  }

  get path(): string {
    return this.#folder.path;
  }

  get env(): Readonly<Record<string, string>> {
    return {
      HOME: this.path,
      PATH: `${this.path}/bin:${Deno.env.get("PATH")}`,
      LC_ALL: "C.UTF-8",
      // Deno's own cache stays where it is.
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    };
  }

  write(file: string, text: string): void {
    Deno.writeTextFileSync(`${this.path}/${file}`, text);
  }

  /** Puts another program at other/ocmem: it proposes odd words, and one that is new at every call. */
  pretend(): void {
    Deno.mkdirSync(`${this.path}/other`);
    const lines = String.raw`'o:t\h' 'one: \two' other '' new$$ ''`;
    this.write("other/ocmem", `#!/bin/sh\nprintf '%s\\t%s\\n' ${lines}\n`);
    Deno.chmodSync(`${this.path}/other/ocmem`, 0o755);
  }

  /** Starts the two of `pids`. */
  async populate(): Promise<void> {
    Deno.mkdirSync(`${this.path}/${HOSTILE}`);
    const path = castAs(`${this.path}/lib/opencode`);
    for (const cwd of [`${this.path}/${HOSTILE}`, this.path]) {
      const args = cwd === this.path ? ["serve"] : [];
      this.pids.push((await act(this.#children, path, { cwd, args })).pid);
    }
  }

  /** Names of all there is in the home and in the hostile folder. */
  files(): string[] {
    const folders = [this.path, `${this.path}/${HOSTILE}`];
    return folders.flatMap((folder) => [...Deno.readDirSync(folder)].map(({ name }) => name))
      .sort();
  }

  /** The script of a shell, as `ocmem completions` prints it. */
  async script(shell: string): Promise<string> {
    const { code, stdout, stderr } = await this.run("ocmem", ["completions", shell]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout;
  }

  /** Runs a program to its end. */
  async run(program: string, args: readonly string[]): Promise<Outcome> {
    const { code, stdout, stderr } = await new Deno.Command("/usr/bin/env", {
      args: [program, ...args],
      cwd: this.path,
      clearEnv: true,
      env: this.env,
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#children[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

const PROMPT = "ready>";

/** A shell at its prompt in a real terminal. */
export class Prompt extends Terminal {
  /** Starts a shell, as a text for sh, and waits for its prompt. */
  async start(home: Home, shell: string): Promise<void> {
    const env = { ...home.env, PS1: `${PROMPT} `, TERM: "screen", INPUTRC: "/dev/null" };
    const words = Object.entries(env).map(([name, value]) => `'${name}=${value}'`).join(" ");
    const script = `cd '${home.path}'; exec env -i ${words} ${shell}`;
    await this.open(script, { columns: 200, rows: 50 });
    await this.shows("the prompt", (lines) => this.#last(lines) === PROMPT);
  }

  /** Types what stands in the line then, key names as tmux has them in `<…>`. */
  async type(keys: string): Promise<void> {
    for (const [, name, text] of keys.matchAll(/<(\w[\w-]*)>|([^<]+)/g)) {
      await this.tmux("send-keys", ...name ? [name] : ["-l", "--", text!]);
    }
  }

  /** Waits until the line behind the last prompt is this. */
  async has(line: string): Promise<readonly string[]> {
    return await this.shows(`"${line}"`, (lines) => this.#last(lines) === `${PROMPT} ${line}`);
  }

  /** Leaves the line, for a new one on an empty screen. */
  async leave(): Promise<void> {
    await this.type("<C-u><C-l>");
    await this.shows("an empty line", (lines) => lines.join("") === PROMPT);
  }

  #last(lines: readonly string[]): string {
    return lines.findLast((line) => line.startsWith(PROMPT)) ?? "";
  }
}

/** The shortest start of a pid that is no start of another. */
export function startOf(pid: number, others: readonly number[]): string {
  const text = String(pid);
  const ends = Array.from(text, (_, i) => text.slice(0, i + 1));
  return ends.find((end) => others.every((o) => o === pid || !String(o).startsWith(end))) ?? text;
}

/** `ocmem service` in a home and with programs of the test's own. */

import { finished, type Outcome } from "./command_line.ts";
import { documented } from "./program.ts";
import { linesOfFile } from "./hooks.ts";
import { temporaryFolder } from "../support.ts";

/** Notes its call, each argument in angle brackets, and fails if it is the call that is to fail. */
const NOTING = `#!/bin/sh
{ printf '%s' "\${0##*/}"; for argument; do printf ' <%s>' "$argument"; done; echo; } >>"$CALLS"
[ "$*" != "$FAILS" ] || { echo "it is told to fail" >&2; exit 5; }
`;

/** A home, and a folder with programs that are found before all others. */
export class Home implements Disposable {
  readonly #folder = temporaryFolder();
  /** A path that each format has to quote. */
  readonly path = `${this.#folder.path}/it's "50%" $HOME <&>`;
  env: Readonly<Record<string, string>>;
  /** The call of systemctl that is to fail. */
  fails = "none";
  readonly #bin = `${this.#folder.path}/bin`;
  readonly #calls = `${this.#folder.path}/calls`;

  constructor() {
    for (const folder of [this.path, this.#bin]) Deno.mkdirSync(folder);
    this.program("systemctl", NOTING);
    this.env = {
      HOME: this.path,
      XDG_CONFIG_HOME: "",
      // Where Deno keeps packages depends on the home, if nothing else is said.
      DENO_DIR: denoFolder(),
      PATH: `${this.#bin}:${Deno.env.get("PATH")}`,
      CALLS: this.#calls,
    };
  }

  program(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.#bin}/${name}`, text, { mode: 0o755 });
  }

  /** Has no program but its own, and not this one. */
  remove(name: string): void {
    Deno.removeSync(`${this.#bin}/${name}`);
    this.env = { ...this.env, PATH: this.#bin };
  }

  /** Runs `ocmem service`. What it warns of npx's cache, where Deno may be, is no matter here. */
  async service(...args: readonly string[]): Promise<Outcome> {
    const [program, ...words] = documented();
    const env = { ...this.env, FAILS: this.fails };
    const outcome = await finished(program, [...words, "service", ...args], env);
    return { ...outcome, stderr: outcome.stderr.replace(/^ocmem: \S+ is in npx's cache.*\n/, "") };
  }

  /** The calls since it was asked before. */
  calls(): string[] {
    const calls = linesOfFile(this.#calls);
    Deno.writeTextFileSync(this.#calls, "");
    return calls;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Where this Deno keeps packages. */
export function denoFolder(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** A folder in which scripts of the release run as on GitHub's machines, with stand-ins first on the PATH. */

import { finished, type Outcome } from "../live/command_line.ts";
import { ROOT, temporaryFolder } from "../support.ts";
import { scriptOf, workflowOf } from "./workflow.ts";

const RELEASE = workflowOf("release.yml");

export class Runner implements Disposable {
  readonly #folder = temporaryFolder();

  /** With links to these of the project. */
  constructor(linked: readonly string[]) {
    for (const folder of ["bin", "dist", "temp"]) Deno.mkdirSync(this.path(folder));
    for (const name of linked) Deno.symlinkSync(ROOT + name, this.path(name));
    // `npx -y deno@VERSION …` is the Deno that runs this.
    this.write("bin/npx", `#!/usr/bin/env bash\nexec '${Deno.execPath()}' "\${@:3}"\n`, 0o755);
  }

  path(name: string): string {
    return `${this.#folder.path}/${name}`;
  }

  write(name: string, text: string, mode = 0o644): void {
    Deno.writeTextFileSync(this.path(name), text);
    Deno.chmodSync(this.path(name), mode);
  }

  read(name: string): string {
    return Deno.readTextFileSync(this.path(name));
  }

  list(name: string): string[] {
    return [...Deno.readDirSync(this.path(name))].map(({ name }) => name).sort();
  }

  /** A program that writes down how it was called, and then does `body`, in the language of bash. */
  standIn(name: string, body = ""): void {
    const line = `{ printf '%s\\037' ${name} "$@"; echo; } >> '${this.path("calls")}'`;
    this.write(`bin/${name}`, `#!/usr/bin/env bash\n${line}\n${body}\n`, 0o755);
  }

  /** How stand-ins were called: their words. */
  calls(): string[][] {
    const lines = this.read("calls").trimEnd().split("\n");
    return lines.map((line) => line.split("\x1f").slice(0, -1));
  }

  /** Runs the script of a step as GitHub does. */
  async step(
    job: string,
    name: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const script = scriptOf(RELEASE, job, name);
    const settings = ["--noprofile", "--norc", "-eo", "pipefail"];
    return await this.run("bash", [...settings, "-c", `cd '${this.#folder.path}'\n${script}`], {
      ...RELEASE.env,
      GITHUB_OUTPUT: this.path("output"),
      GITHUB_ENV: this.path("env"),
      RUNNER_TEMP: this.path("temp"),
      ...env,
    });
  }

  async run(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const PATH = `${this.path("bin")}:${Deno.env.get("PATH")}`;
    return await finished(program, args, { NO_COLOR: "1", ...env, PATH });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Processes with a database of OpenCode beside them: `orphans` weighs it, `track --session` finds in it. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { add, TABLES } from "../sessions/made.ts";
import { hasProgram, live, programPath, temporaryFolder } from "../support.ts";
import { act, type Acting, castAs, NEEDS as ACTORS } from "./actor.ts";
import { finished, type Outcome } from "./command_line.ts";
import { Children, nameOf, procText, until } from "./processes.ts";
import { documented } from "./program.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  Linux: Deno.build.os === "linux",
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
  setsid: hasProgram("setsid"),
  nohup: hasProgram("nohup"),
  ...ACTORS,
};

/** A folder with OpenCode's data, and with a project. */
class Scene implements AsyncDisposable {
  readonly children = new Children();
  readonly #folder = temporaryFolder();
  readonly project = `${this.#folder.path}/project`;
  readonly path = castAs(`${this.#folder.path}/opencode`);
  readonly database: DatabaseSync;

  constructor() {
    for (const path of [this.project, `${this.#folder.path}/data/opencode`]) {
      Deno.mkdirSync(path, { recursive: true });
    }
    this.database = new DatabaseSync(`${this.#folder.path}/data/opencode/opencode.db`);
    this.database.exec(`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF; ${TABLES}`);
  }

  /** Starts an actor in the project. */
  async start(args: readonly string[], acting: Acting = {}): Promise<number> {
    return (await act(this.children, this.path, { args, cwd: this.project, ...acting })).pid;
  }

  /** Starts one that is left behind, without a terminal. */
  async leave(args: readonly string[]): Promise<number> {
    const starting = { args: ["nohup", this.path, ...args], leave: true, cwd: this.project };
    const { pid } = await act(this.children, programPath("setsid")!, starting);
    await until("init to inherit it", () => {
      const parent = Number(/^PPid:\t(\d+)$/m.exec(procText(pid, "status"))?.[1]);
      return parent === 1 || nameOf(parent) === "systemd";
    });
    return pid;
  }

  async ocmem(...args: readonly string[]): Promise<Outcome> {
    const [program, ...words] = documented();
    const env = { XDG_DATA_HOME: `${this.#folder.path}/data` };
    return await finished(program, [...words, ...args], env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.children[Symbol.asyncDispose]();
    this.database.close();
    this.#folder[Symbol.dispose]();
  }
}

live("a run that was left behind: without a session likely, at work possibly", NEEDS, async () => {
  await using scene = new Scene();
  const pid = await scene.leave(["run", "fix it"]);
  const told = async () => {
    const { code, stdout, stderr } = await scene.ocmem("orphans", "--json");
    assert.deepEqual([code, stderr], [0, ""]);
    const found = JSON.parse(stdout).orphans.find((one: { pid: number }) => one.pid === pid);
    const { conclusion, evidence, sessions } = found;
    const kinds = evidence.map(({ kind }: { kind: string }) => kind);
    return [conclusion, kinds.at(-1), ...sessions.map(({ id }: { id: string }) => id)].join(" ");
  };
  assert.equal(await told(), "likely no_open_session");
  const directory = scene.project;
  add(scene.database, { id: "ses_now", directory, updatedAtMs: Date.now() });
  assert.equal(await told(), "possible no_terminal ses_now");
});

live("what holds a session is tracked until it ends; without it, where it is", NEEDS, async () => {
  await using scene = new Scene();
  const { project: directory, database } = scene;
  add(
    database,
    { id: "ses_other", directory, updatedAtMs: 1 },
    { id: "ses_named", directory: "/elsewhere", title: "Named" },
  );
  const helper = castAs(`${scene.project}/gopls`);
  const spawn = [{ path: helper, argv: [helper] }];
  const tui = await scene.start([], { spawn });
  const named = await scene.start(["--session", "ses_named"], { cwd: "/" });
  add(database, { id: "ses_here", directory, title: "Here", updatedAtMs: Date.now() });
  const tracked = async (id: string) => {
    const { code, stdout, stderr } = await scene.ocmem(
      ...["track", "--session", id, "--duration", "50ms", "--json"],
    );
    assert.deepEqual([code, stderr], [0, ""]);
    const { session, series } = JSON.parse(stdout);
    const pids = series.map((one: { pid: number }) => one.pid);
    return [session.title, session.certainty, pids[0], pids.length];
  };
  assert.deepEqual(await tracked("ses_here"), ["Here", "likely", tui, 2]);
  assert.deepEqual(await tracked("ses_named"), ["Named", "certain", named, 1]);
  const { code, stdout, stderr } = await scene.ocmem("track", "--session", "ses_other");
  assert.deepEqual([code, stdout], [69, ""]);
  assert.ok(stderr.endsWith(`: cd '${directory}' && opencode --session ses_other\n`), stderr);
});

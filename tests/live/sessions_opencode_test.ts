/** Sessions of the real OpenCode: what is told of them, and that looking leaves no trace. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { calmly, notesOf } from "./calm.ts";
import { type Document, finished } from "./command_line.ts";
import { homeIn, makeSession, needs, openCode, serve, type Server } from "./opencode.ts";
import { Children, until } from "./processes.ts";
import { documented } from "./program.ts";
import { freeAddress } from "./prometheus.ts";
import { Terminal } from "./terminal.ts";
import { logIn, openedIn, runsIn, settled, stateOf } from "./traces.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  ...needs(),
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

interface Session {
  readonly id: string;
  readonly title: string | null;
  readonly directory: string | null;
  readonly certainty: string;
  readonly updated_at: string | null;
  readonly busy: boolean | null;
}

interface Found {
  readonly project: { readonly id: string; readonly worktree: string | null } | null;
  readonly sessions: readonly Session[] | null;
  readonly notes: readonly string[];
}

/** What list says of the instance of a process once there is time for it, with OpenCode's data in this folder. */
async function listed(folder: string, pid: number, ...args: readonly string[]): Promise<Found> {
  const [program, ...words] = documented();
  const env = { XDG_DATA_HOME: homeIn(folder).XDG_DATA_HOME! };
  const document = await calmly(
    async (): Promise<Document & { readonly notes: readonly string[] }> => {
      const line = [...words, "list", "--json", ...args];
      const { code, stdout, stderr } = await finished(program, line, env);
      assert.deepEqual([code, stderr], [0, ""]);
      return JSON.parse(stdout);
    },
    pid,
    folder,
  );
  const instance = document.instances.find((one) => one.processes.some((row) => row.pid === pid));
  assert.ok(instance, `${pid} is found`);
  return { ...instance as unknown as Found, notes: notesOf(document, pid, folder) };
}

function portOf(address: string): number {
  return Number(address.split(":").at(-1));
}

async function withServer(
  body: (server: Server, folder: string, again: () => Promise<Server>) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  await using children = new Children();
  const start = () => serve(children, folder.path, { port: portOf(freeAddress()) });
  await body(await start(), folder.path, start);
}

live("sessions of a real server are told, and asking leaves no trace", NEEDS, async () => {
  await withServer(async (first, folder, again) => {
    const ids = [
      await makeSession(first.url, "First"),
      await makeSession(first.url, "\x1b]0;x\x07 ‮ second"),
    ];
    await until("the log", () => logIn(folder).includes(ids[1]!));
    assert.deepEqual(openedIn(folder), [first.cwd]);
    const before = await settled(folder, true);
    const { sessions, project, notes } = await listed(folder, first.child.pid);
    assert.deepEqual(await stateOf(folder, true), before);
    assert.deepEqual(notes, []);
    assert.deepEqual(project, { id: "global", worktree: "/" });
    assert.deepEqual(sessions!.map(({ id }) => id), ids.toReversed());
    assert.deepEqual(sessions!.map(({ title }) => title), [
      "\\x1b]0;x\\x07 \\u202e second",
      "First",
    ]);
    for (const { certainty, directory, busy, updated_at } of sessions!) {
      assert.deepEqual([certainty, directory, busy], ["shared", first.cwd, null]);
      assert.ok(Math.abs(Date.parse(updated_at!) - Date.now()) < 600_000);
    }
    assert.deepEqual((await listed(folder, first.child.pid, "--no-sessions")).sessions, null);

    // One that has opened nothing yet goes on so, and tells the same.
    await first.child.end();
    const second = await again();
    await until("the log", () => runsIn(folder) === 2);
    const fresh = await settled(folder, true);
    const told = await listed(folder, second.child.pid);
    assert.deepEqual(told.sessions!.map(({ id }) => id), ids.toReversed());
    assert.deepEqual(await stateOf(folder, true), fresh);
    // Its log is written a while later: what is opened now stands behind what we would have opened.
    const elsewhere = `${folder}/elsewhere`;
    Deno.mkdirSync(elsewhere);
    const asking = await fetch(`${second.url}/session/status?directory=${elsewhere}`);
    await asking.body?.cancel();
    await until("the log", () => openedIn(folder).includes(elsewhere));
    assert.deepEqual(openedIn(folder), [first.cwd, elsewhere]);
  });
});

live(
  "a real server that wants a password is asked no further, and its database tells",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const first = await serve(children, folder.path);
    const id = await makeSession(first.url, "Mine");
    await until("the log", () => logIn(folder.path).includes(id));
    await first.child.end();
    const server = await serve(children, folder.path, {
      port: portOf(freeAddress()),
      env: { OPENCODE_SERVER_PASSWORD: "s3cret" },
    });
    // It answers nothing, so only its database is read, of which not a byte changes.
    const before = await settled(folder.path);
    const { sessions, notes } = await listed(folder.path, server.child.pid);
    assert.deepEqual(await stateOf(folder.path), before);
    assert.deepEqual(sessions!.map((one) => [one.id, one.certainty]), [[id, "shared"]]);
    const { pid } = server.child;
    assert.deepEqual(notes, [
      `Cannot ask the server of ${pid} (server) for its sessions: it wants a password`,
    ]);
  },
);

for (const port of [0, null]) {
  const what = port === null ? "no port" : "port 0";
  live(`a real server that says ${what} is asked where it listens`, NEEDS, async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    const server = await serve(children, folder.path, { port });
    // Its own directory has none: the database is not asked for those of others.
    const elsewhere = `${folder.path}/elsewhere`;
    Deno.mkdirSync(elsewhere);
    const id = await makeSession(server.url, "Elsewhere", elsewhere);
    const { sessions, notes } = await listed(folder.path, server.child.pid);
    assert.deepEqual(notes, []);
    assert.deepEqual(sessions!.map((one) => [one.id, one.directory, one.certainty]), [
      [id, elsewhere, "shared"],
    ]);
  });
}

live("the session that a real tui was told to go on with is certain", {
  ...NEEDS,
  tmux: hasProgram("tmux"),
}, async () => {
  await using terminal = new Terminal();
  await using children = new Children();
  const first = await serve(children, terminal.path);
  const [id, other] = [await makeSession(first.url, "Mine"), await makeSession(first.url, "Other")];
  await first.child.end();
  const pid = await terminal.launch(
    openCode(),
    { args: ["--session", id], cwd: first.cwd, env: homeIn(terminal.path) },
    { columns: 100, rows: 30 },
  );
  await terminal.shows("the tui", (lines) => lines.some((line) => line.includes("/project")));
  const { sessions } = await listed(terminal.path, pid);
  assert.deepEqual(sessions!.map(({ id, title, certainty }) => [id, title, certainty]), [
    [id, "Mine", "certain"],
  ]);
  assert.notEqual(id, other);
});

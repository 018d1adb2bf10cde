/** Sessions of the real OpenCode that are at work: what its addresses tell of them, and what is told. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { finished } from "./command_line.ts";
import { homeIn, needs, openCode, serve } from "./opencode.ts";
import { Children, until } from "./processes.ts";
import { documented } from "./program.ts";
import { freeAddress } from "./prometheus.ts";
import { Provider } from "./provider.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  ...needs(),
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

/** What a command says as JSON, with OpenCode's data in this folder. */
async function json(folder: string, ...args: readonly string[]) {
  const [program, ...words] = documented();
  const env = { XDG_DATA_HOME: homeIn(folder).XDG_DATA_HOME! };
  const { code, stdout, stderr } = await finished(program, [...words, ...args, "--json"], env);
  assert.deepEqual([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

async function asked(url: string): Promise<unknown> {
  return await (await fetch(url)).json();
}

function post(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

live(
  "a real server does not name as active what is at work: then that is not known, and idle is",
  NEEDS,
  async () => {
    using folder = temporaryFolder();
    await using children = new Children();
    await using provider = new Provider(folder.path);
    const port = Number(freeAddress().split(":").at(-1));
    const { url, child } = await serve(children, folder.path, { port });
    const { id } = await (await post(`${url}/session`, { title: "Mine" })).json();
    const working = post(`${url}/session/${id}/message`, {
      model: { providerID: "x", modelID: "m" },
      parts: [{ type: "text", text: "Do it" }],
    });
    await until("a request to the provider", () => provider.requests > 0);
    assert.deepEqual(await asked(`${url}/api/session/active`), { data: {} });
    // This would tell, but makes the server open its directory: here it is open.
    assert.deepEqual(await asked(`${url}/session/status`), { [id]: { type: "busy" } });
    const listed = async () => {
      const { instances } = await json(folder.path, "list");
      const own = instances.find((one: { processes: { pid: number }[] }) =>
        one.processes.some(({ pid }) => pid === child.pid)
      );
      return own.sessions.map((one: { id: string; busy: boolean | null }) => [one.id, one.busy]);
    };
    assert.deepEqual(await listed(), [[id, null]]);
    provider.answer();
    assert.equal((await (await working).json()).info.role, "assistant");
    assert.deepEqual(await asked(`${url}/api/session/active`), { data: {} });
    assert.deepEqual(await listed(), [[id, false]]);
  },
);

live("the session of a real run is tracked, and a database elsewhere is found", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  await using provider = new Provider(folder.path);
  const cwd = `${folder.path}/project`;
  for (const path of [cwd, `${folder.path}/tmp`]) Deno.mkdirSync(path);
  // Relative to its folder of data, as OpenCode has it.
  const home = homeIn(folder.path);
  const env = { ...home, OPENCODE_DB: "own.db" };
  // It reads its input to the end before it begins.
  const args = ["-c", 'exec "$0" run "Do it" </dev/null', openCode()];
  const { pid } = children.start("/bin/sh", { args, cwd, env });
  await until("a request to the provider", () => provider.requests > 0);
  const [program, ...words] = documented();
  const own = { XDG_DATA_HOME: home.XDG_DATA_HOME!, OPENCODE_DB: "own.db" };
  const listed = await finished(program, [...words, "list", "--json"], own);
  const instance = JSON.parse(listed.stdout).instances
    .find((one: { processes: { pid: number }[] }) => one.processes.some((row) => row.pid === pid));
  assert.deepEqual(
    instance.sessions.map((one: { certainty: string; busy: boolean }) => [one.certainty, one.busy]),
    [["likely", true]],
  );
  const [{ id }] = instance.sessions;
  const tracking = ["track", "--session", id, "--duration", "50ms", "--json"];
  const { code, stdout, stderr } = await finished(program, [...words, ...tracking], own);
  assert.deepEqual([code, stderr], [0, ""]);
  const { session, series } = JSON.parse(stdout);
  assert.deepEqual([session.id, session.certainty, series[0].pid], [id, "likely", pid]);
});

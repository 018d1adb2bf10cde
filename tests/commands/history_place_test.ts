/** Where histories are, and the pages made from them. */

import assert from "node:assert/strict";
import { FakeProbe, GIB } from "../fake.ts";
import { runFake } from "../fake_world.ts";
import { ALL, withHistory } from "../recorded.ts";
import { pure } from "../support.ts";
import { openCode } from "./watching.ts";

pure(
  "without --record flags of recording are mistakes, from the options file they wait",
  async () => {
    for (const command of ["watch", "track"]) {
      for (const flag of [["--database", "x"], ["--keep", "1d"], ["--keep-hourly", "30d"]]) {
        const ran = await runFake(
          [command, ...flag, "--duration", "1s"].slice(0, 3),
          await withHistory(),
        );
        assert.equal(ran.code, 64);
        assert.equal(ran.err.split("\n")[0], `ocmem: Cannot use ${flag[0]} without --record`);
      }
      const text = '{ "database": "/x.db", "keep": "2d", "keep-hourly": "30d" }';
      const files = new Map([["/h/.config/ocmem/config.jsonc", { text }]]);
      const scene = { files, probe: new FakeProbe([openCode(GIB)]), env: { HOME: "/h" } };
      const ran = await runFake([command, ...command === "watch" ? ["--count", "1"] : []], scene);
      assert.deepEqual([ran.code, ran.err], [0, ""]);
    }
  },
);

pure("the history is where it is said, else in the state folder, else in the home", async () => {
  const opened: unknown[] = [];
  const at = async (env: Record<string, string>, ...args: readonly string[]) => {
    const { openDatabase } = await withHistory();
    const scene = {
      probe: new FakeProbe([openCode(GIB)]),
      openDatabase: (place: unknown) => {
        opened.push(place);
        return openDatabase!(place as never);
      },
      env,
    };
    const { code, err } = await runFake(["watch", "--record", "--count", "1", ...args], scene);
    return [code, err.split("\n")[0]!, opened.splice(0)];
  };
  const file = (path: string) => [0, "", [{ kind: "file", path }]];
  assert.deepEqual(await at({ HOME: "/h" }), file("/h/.local/state/ocmem/history.db"));
  const both = { HOME: "/h", XDG_STATE_HOME: "/s" };
  assert.deepEqual(await at(both), file("/s/ocmem/history.db"));
  assert.deepEqual(
    await at({ ...both, XDG_STATE_HOME: "rel" }),
    file("/h/.local/state/ocmem/history.db"),
  );
  assert.deepEqual(await at(both, "--database", "/d.db"), file("/d.db"));
  assert.deepEqual(await at(both, "--database=~/d.db"), file("/h/d.db"));
  assert.deepEqual(await at({ ...both, OCMEM_DATABASE: "~/e.db" }), file("/h/e.db"));
  const [code, err] = await at({});
  assert.equal(code, 64);
  assert.match(String(err), /neither XDG_STATE_HOME nor HOME .*--database names a file/);
});

pure("a page is a file of its own, opened before it is needed", async () => {
  const history = { ...await withHistory(), probe: new FakeProbe([openCode(GIB)]) };
  assert.equal((await runFake(["watch", "--record", "--count", "1"], history)).code, 0);
  const files = new Map<string, { text: string; mode?: number }>();
  const ran = await runFake(["history", ...ALL, "--html", "/p.html"], { ...history, files });
  assert.equal(ran.code, 0);
  assert.match(ran.out, /^From /);
  const { text, mode } = files.get("/p.html")!;
  assert.equal(mode, 0o600);
  assert.match(text, /^<!doctype html>/i);
  const refusals = { "/p.html": "read-only file system" };
  for (const words of [["history", ...ALL], ["track", "--duration", "1h"]]) {
    const refused = await runFake([...words, "--html", "/p.html"], { ...history, refusals });
    assert.deepEqual([refused.code, refused.out], [73, ""], refused.err);
  }
  const dash = await runFake(["history", ...ALL, "--html", "-"], { ...history, files });
  assert.deepEqual([dash.code, dash.out], [64, ""]);
});

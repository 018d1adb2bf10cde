/** Shapes that npm does not serve, under their real names and arguments, as the kernel shows them. */

import assert from "node:assert/strict";
import { live, temporaryFolder } from "../support.ts";
import { act, castAs, NEEDS as ACTORS } from "./actor.ts";
import { ocmemJson, rowOf } from "./command_line.ts";
import { Children } from "./processes.ts";

const NEEDS: Readonly<Record<string, boolean>> = {
  ...ACTORS,
  "a shell that OpenCode did not start": Deno.env.get("OPENCODE_PID") === undefined,
};

const SIDECAR = ["serve", "--hostname", "127.0.0.1", "--port", "52000"];
const SERVICE = ["--type=utility", "--utility-sub-type=node.mojom.NodeService"];
const HELPER = "Contents/Frameworks/OpenCode Helper.app/Contents/MacOS/OpenCode Helper";
const SOURCE = ["run", "--cwd", "packages/opencode", "--conditions=browser", "src/index.ts"];

/** A file below a folder, the arguments after it, and the role that it has. */
const SHAPES: readonly (readonly [file: string, args: readonly string[], role: string])[] = [
  ["OpenCode.app/Contents/MacOS/opencode-cli", SIDECAR, "desktop"],
  [`OpenCode.app/${HELPER}`, SERVICE, "desktop"],
  ["opt/OpenCode/ai.opencode.desktop", SERVICE, "desktop"],
  ["bin/opencode2", ["serve", "--service"], "server"],
  ["nix/store/0123-opencode-1.18.33/bin/.opencode-wrapped_", ["serve"], "server"],
  ["Cellar/opencode/1.18.33/bin/opencode", [], "tui"],
  ["opencode-linux-x64-baseline-musl/bin/opencode", ["acp"], "acp"],
  [".opencode/bin/opencode", ["run", "fix"], "run"],
  ["bun", [...SOURCE, "serve"], "server"],
];

live("each shape of OpenCode is found and named, all of them at once", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const cwd = `${folder.path}/packages/opencode`;
  Deno.mkdirSync(cwd, { recursive: true });
  const pids: number[] = [];
  for (const [file, args] of SHAPES) {
    const { pid } = await act(children, castAs(`${folder.path}/${file}`), { args, cwd });
    pids.push(pid);
  }
  const document = await ocmemJson("list", "--no-sessions");
  const told = SHAPES.map(([file, args], i) => {
    const { role, executable, depth } = rowOf(document, pids[i]!);
    assert.deepEqual([executable, depth], [`${folder.path}/${file}`, 0]);
    return [file, args, role];
  });
  assert.deepEqual(told, SHAPES);
});

live("what has only its app's folder or its source's name is none of them", NEEDS, async () => {
  using folder = temporaryFolder();
  await using children = new Children();
  const strangers: readonly (readonly [string, readonly string[]])[] = [
    [`OpenCode.app/${HELPER}`, ["--type=renderer"]],
    ["OpenCode/electron", SERVICE],
    ["opencode-exporter", ["serve"]],
    ["bun", [...SOURCE, "serve"]],
  ];
  for (const [file, args] of strangers) {
    const path = castAs(`${folder.path}/${file}`);
    const { pid } = await act(children, path, { args, cwd: folder.path });
    const { instances } = await ocmemJson("list", "--no-sessions");
    const found = instances.flatMap(({ processes }) => processes).some((row) => row.pid === pid);
    assert.equal(found, false, file);
  }
});

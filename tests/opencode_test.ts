import assert from "node:assert/strict";
import fc from "fast-check";
import * as opencode from "../src/opencode.ts";
import { namesOf } from "../src/opencode_names.ts";
import type { Role } from "../src/types.ts";
import { pure } from "./support.ts";

function identity(
  name: string,
  executable: string | null,
  commandLine: readonly string[] | null,
): opencode.Identity {
  return { name, executable, commandLine };
}

const NATIVE: readonly [string, string | null, readonly string[] | null][] = [
  ["opencode", "/home/u/.opencode/bin/opencode", ["opencode"]],
  ["opencode", "/usr/lib/node_modules/opencode-ai/bin/opencode.exe", ["opencode", "serve"]],
  [".opencode", "/x/opencode-ai/bin/.opencode", ["/x/opencode-ai/bin/.opencode", "serve"]],
  ["opencode-cli", "/Applications/OpenCode.app/Contents/MacOS/opencode-cli", ["opencode-cli"]],
  [".opencode-wrapp", "/nix/store/abc-opencode/bin/.opencode-wrapped_", ["opencode"]],
  ["opencode2", "/usr/bin/opencode2", null],
  // Replaced by an upgrade while it runs.
  ["opencode", "/home/u/.opencode/bin/opencode (deleted)", ["opencode"]],
  // Started through a link of another name.
  ["oc", "/home/u/.opencode/bin/opencode", ["oc"]],
  // Executable unreadable: the name and argv[0] together.
  ["opencode", null, ["opencode", "serve"]],
  [".opencode-wrapp", null, ["/nix/store/x/bin/.opencode-wrapped"]],
];

for (const [name, executable, argv] of NATIVE) {
  pure(`native: ${name} ${executable} ${argv?.join(" ")}`, () => {
    assert.equal(opencode.isNative(identity(name, executable, argv), namesOf()), true);
  });
}

const NOT_NATIVE: readonly [string, string | null, readonly string[] | null][] = [
  ["vim", "/usr/bin/vim", ["vim", "opencode.json"]],
  ["tail", "/usr/bin/tail", ["tail", "-f", "/h/.local/share/opencode/log/opencode.log"]],
  ["watch", "/usr/bin/watch", ["watch", "-n", "5", "ps aux | grep opencode"]],
  ["tmux: server", "/usr/bin/tmux", ["tmux", "new-session", "-d", "-s", "opencode", "opencode"]],
  ["python3", "/usr/bin/python3", ["python3", "-c", "x", "opencode", "serve"]],
  ["sh", "/bin/dash", ["sh", "-c", "opencode serve --port 4650; true"]],
  ["node", "/usr/bin/node", ["node", "/h/.config/opencode/mcp-servers/demo.mjs"]],
  ["npm i opencode-", "/usr/bin/node", ["npm i opencode-ai"]],
  ["code", "/home/u/opencode/code", ["code", "."]],
  // A process that names itself so: its executable is readable and says otherwise.
  ["opencode", "/usr/bin/python3", ["opencode", "serve"]],
  // Unreadable executable: one of the two alone is not enough.
  ["opencode", null, ["python3"]],
  ["python3", null, ["opencode"]],
  ["opencode", null, null],
  ["opencode", null, []],
];

for (const [name, executable, argv] of NOT_NATIVE) {
  pure(`not native: ${name} ${executable} ${argv?.join(" ")}`, () => {
    assert.equal(opencode.isNative(identity(name, executable, argv), namesOf()), false);
  });
}

const ROLES: readonly [Role, string][] = [
  ["tui", ""],
  ["tui", "/home/u/project"],
  ["tui", "--continue"],
  ["tui", "--session ses_1"],
  ["tui", "-m anthropic/serve"],
  ["tui", "--model serve"],
  ["tui", "--prompt run"],
  ["tui", "-s attach --agent web"],
  ["server", "serve"],
  ["server", "serve --port 4096"],
  ["server", "--print-logs serve"],
  ["server", "--log-level DEBUG serve"],
  ["server", "--port=4096 --hostname 0.0.0.0 web"],
  ["acp", "acp"],
  ["run", "run fix the tests"],
  ["run", "pr 12"],
  ["run", "github run"],
  ["cli", "github install"],
  ["cli", "auth login"],
  ["cli", "upgrade"],
  ["cli", "db path"],
  ["attach", "attach http://localhost:4096"],
  ["tui", "-- serve.txt"],
];

for (const [role, args] of ROLES) {
  pure(`role ${role}: opencode ${args}`, () => {
    const argv = ["opencode", ...args.split(" ").filter((a) => a)];
    assert.equal(opencode.roleOf(identity("opencode", "/bin/opencode", argv)), role);
  });
}

pure("role: a desktop sidecar is desktop whatever it serves; unread arguments are unknown", () => {
  const sidecar = "/Applications/OpenCode.app/Contents/MacOS/opencode-cli";
  assert.equal(opencode.roleOf(identity("opencode-cli", sidecar, ["x", "serve"])), "desktop");
  assert.equal(opencode.roleOf(identity("opencode", "/bin/opencode", null)), "unknown");
});

pure("role: a value flag at the end, and any arguments, give a role and no error", () => {
  assert.equal(opencode.roleOf(identity("opencode", "/b/opencode", ["opencode", "--port"])), "tui");
  fc.assert(fc.property(fc.array(fc.string()), (argv) => {
    assert.equal(typeof opencode.roleOf(identity("opencode", "/b/opencode", argv)), "string");
  }));
});

pure("helper: the JavaScript runtime inside OpenCode's executable", () => {
  const argv = (text: string) => text.split(" ");
  assert.equal(opencode.isHelper(argv("opencode run /c/pyright.js --stdio"), false, true), true);
  assert.equal(
    opencode.isHelper(argv("opencode x typescript-language-server"), false, false),
    true,
  );
  assert.equal(opencode.isHelper(argv("opencode install"), false, false), true);
  assert.equal(opencode.isHelper(argv("opencode add left-pad"), false, false), true);
  assert.equal(opencode.isHelper(argv("opencode anything"), true, false), true);
  // By hand, not below OpenCode, it is a session that is told about a file.
  assert.equal(opencode.isHelper(argv("opencode run fix.js"), false, false), false);
  assert.equal(opencode.isHelper(argv("opencode run fix this"), false, true), false);
  assert.equal(opencode.isHelper(argv("opencode serve"), false, true), false);
  assert.equal(opencode.isHelper([], false, true), false);
});

const LAUNCHERS: readonly (readonly string[])[] = [
  ["node", "/usr/lib/node_modules/.bin/opencode", "serve"],
  ["node", "--max-old-space-size=8192", "-r", "./x.js", "/p/opencode.js"],
  ["/usr/bin/bun", "/h/.bun/bin/opencode"],
  ["bunx", "opencode-ai@latest", "serve"],
  ["bun", "x", "opencode-ai"],
  ["npm exec opencode serve --port 4703"],
  ["npm exec opencode-ai@1.14.41"],
  ["node", "/usr/lib/node_modules/npm/bin/npx-cli.js", "-y", "opencode-ai"],
  ["node", "/usr/lib/pnpm.cjs", "dlx", "opencode-ai"],
  ["sh", "-c", "'opencode' serve --port 4703"],
  ["sh", "-c", "opencode"],
  ["/bin/bash", "/usr/local/bin/opencode", "serve"],
];

for (const argv of LAUNCHERS) {
  pure(`launcher: ${argv.join(" ")}`, () => {
    assert.equal(opencode.isLauncher(identity("x", null, argv), false), true);
  });
}

const NOT_LAUNCHERS: readonly (readonly string[])[] = [
  ["sh", "-c", "opencode serve --port 4650; true"],
  ["sh", "-c", "cd x && opencode"],
  ["sh", "-c", "opencode $(whoami)"],
  ["sh", "-c", "echo opencode"],
  ["bash"],
  ["zsh", "-i"],
  ["node", "/h/.config/opencode/mcp-servers/demo.mjs"],
  ["node", "server.js", "opencode"],
  ["npm i opencode-ai"],
  ["npm", "install", "opencode-ai"],
  ["tmux", "new-session", "-s", "opencode", "opencode"],
  ["python3", "/x/opencode"],
  ["bun", "dev"],
  [],
];

for (const argv of NOT_LAUNCHERS) {
  pure(`not a launcher: ${argv.join(" ")}`, () => {
    assert.equal(opencode.isLauncher(identity("x", null, argv), false), false);
  });
}

pure("source: bun with src/index.ts in packages/opencode, below bun dev", () => {
  const argv = ["bun", "run", "--cwd", "packages/opencode", "src/index.ts", "serve"];
  const bun = identity("bun", "/h/.bun/bin/bun", argv);
  assert.equal(opencode.isSource(bun, () => "/src/opencode/packages/opencode"), true);
  assert.equal(opencode.isSource(bun, () => "/src/other"), false);
  assert.equal(opencode.isSource(bun, () => null), false);
  assert.equal(
    opencode.isSource(identity("node", "/bin/node", argv), () => "packages/opencode"),
    false,
  );
  assert.equal(opencode.roleOfSource(argv), "server");
  assert.equal(opencode.isLauncher(identity("bun", "/b/bun", ["bun", "dev", "serve"]), true), true);
});

pure("desktop: the server inside Electron is a utility process that runs Node", () => {
  const helper =
    "/Applications/OpenCode.app/Contents/Frameworks/OpenCode Helper.app/Contents/MacOS/OpenCode Helper";
  const service = [helper, "--type=utility", "--utility-sub-type=node.mojom.NodeService"];
  assert.equal(opencode.isElectronServer(identity("OpenCode Helper", helper, service)), true);
  assert.equal(
    opencode.isElectronServer(
      identity("opencode-deskto", "/opt/OpenCode/opencode-desktop", service),
    ),
    true,
  );
  assert.equal(
    opencode.isElectronServer(identity("OpenCode Helper", helper, [helper, "--type=gpu"])),
    false,
  );
  const other = "/Applications/Other.app/Contents/MacOS/Other";
  assert.equal(opencode.isElectronServer(identity("Other", other, service)), false);
});

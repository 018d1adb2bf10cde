/**
 * Every shape that OpenCode runs in, as `ocmem list` tells it where paths are cheapest to read (Linux)
 * and where names are (macOS). The shapes were observed with npm's packages, or read in the sources of
 * OpenCode's desktop apps (Tauri and electron-builder's options), of its Nix package and of Homebrew's formula.
 */

import assert from "node:assert/strict";
import type { Os } from "../src/types.ts";
import { FakeProbe, type FakeProcess } from "./fake.ts";
import { runFake } from "./fake_world.ts";
import { pure } from "./support.ts";

/** A process whose name is that of its executable, as the kernel cuts it, if nothing else is said. */
function running(
  pid: number,
  exe: string,
  args: string | readonly string[] = [],
  rest: Partial<FakeProcess> = {},
): FakeProcess {
  const words = typeof args === "string" ? args.split(" ") : args;
  const name = exe.slice(exe.lastIndexOf("/") + 1).replace(/ \(deleted\)$/, "");
  return { pid, ppid: 1, name, exe, argv: [exe, ...words], cwd: "/w", ...rest };
}

/** A user's: the same under both kernels but for the length that names are cut to. */
function cut({ name = "", ...rest }: FakeProcess, os: Os): FakeProcess {
  return { ...rest, name: name.slice(0, os === "linux" ? 15 : 16) };
}

interface Shape {
  readonly machine: readonly FakeProcess[];
  /** Instances as `role pid: pid role, …`. */
  readonly told: readonly string[];
  /** Where it exists, if not on both. */
  readonly only?: Os;
}

const MODULES = "/usr/lib/node_modules/opencode-ai";
const BREW = "/opt/homebrew/Cellar/opencode/1.0.120";
const APP = "/Applications/OpenCode.app/Contents";
const HELPER = `${APP}/Frameworks/OpenCode Helper.app/Contents/MacOS/OpenCode Helper`;
const LINUX_APP = "/opt/OpenCode/ai.opencode.desktop";
const SERVICE = ["--type=utility", "--utility-sub-type=node.mojom.NodeService", "--lang=en-US"];
const STORE = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-opencode-1.18.33/bin";
const SIDECAR = "--print-logs --log-level WARN serve --hostname 127.0.0.1 --port 52000";

function packaged(name: string): Shape {
  const exe = `/usr/lib/node_modules/${name}/bin/opencode`;
  return { machine: [running(10, exe, "serve --port 1")], told: ["server 10: 10 server"] };
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "curl installer": {
    machine: [running(10, "/home/u/.opencode/bin/opencode", [], { argv: ["opencode"] })],
    told: ["tui 10: 10 tui"],
  },
  "npm from 1.15 on: no wrapper, and a name that is its link's": {
    machine: [running(10, `${MODULES}/bin/opencode.exe`, "serve", { name: "opencode" })],
    told: ["server 10: 10 server"],
  },
  "npm up to 1.14: node, and the native program below": {
    machine: [
      running(10, "/usr/bin/node", "/usr/bin/opencode acp"),
      running(11, `${MODULES}/bin/.opencode`, "acp", { ppid: 10 }),
    ],
    told: ["acp 11: 10 launcher, 11 acp"],
  },
  "npm up to 1.14, without its wrapper": {
    machine: [running(11, `${MODULES}/bin/.opencode`, "serve")],
    told: ["server 11: 11 server"],
  },
  "platform package": packaged("opencode-linux-x64"),
  "platform package, arm64 with musl": packaged("opencode-linux-arm64-musl"),
  "platform package, baseline": packaged("opencode-linux-x64-baseline"),
  "platform package, baseline with musl": packaged("opencode-linux-x64-baseline-musl"),
  "platform package, macOS": packaged("opencode-darwin-arm64"),
  "Homebrew, a program": {
    machine: [running(10, `${BREW}/bin/opencode`, "run fix", { argv: ["opencode", "run", "fix"] })],
    told: ["run 10: 10 run"],
  },
  "Homebrew, npm's package in a cellar": {
    machine: [
      running(10, "/opt/homebrew/Cellar/node/25.1.0/bin/node", "/opt/homebrew/bin/opencode"),
      running(
        11,
        `${BREW}/libexec/lib/node_modules/opencode-ai/node_modules/opencode-darwin-arm64/bin/opencode`,
        [],
        { ppid: 10 },
      ),
    ],
    told: ["tui 11: 10 launcher, 11 tui"],
  },
  "Nix, wrapped once": {
    machine: [running(10, `${STORE}/.opencode-wrapped`, "serve")],
    told: ["server 10: 10 server"],
  },
  "Nix, wrapped twice, with the name it was called by": {
    machine: [running(10, `${STORE}/.opencode-wrapped_`, [], { argv: ["opencode", "web"] })],
    told: ["server 10: 10 server"],
  },
  "replaced by an upgrade while it runs": {
    machine: [running(10, "/home/u/.opencode/bin/opencode (deleted)", "serve")],
    told: ["server 10: 10 server"],
    only: "linux",
  },
  "desktop, Tauri: the sidecar, not the app above it": {
    machine: [
      running(10, `${APP}/MacOS/OpenCode`),
      running(11, `${APP}/MacOS/opencode-cli`, SIDECAR, { ppid: 10 }),
      running(12, "/usr/bin/gopls", [], { ppid: 11 }),
    ],
    told: ["desktop 11: 11 desktop, 12 child"],
  },
  "desktop, Tauri on Linux": {
    machine: [
      running(10, "/usr/bin/opencode-desktop"),
      running(11, "/usr/bin/opencode-cli", SIDECAR, { ppid: 10 }),
    ],
    told: ["desktop 11: 11 desktop"],
  },
  "desktop, Electron on macOS: the server's process, not window, GPU or other services": {
    machine: [
      running(10, `${APP}/MacOS/OpenCode`),
      running(11, `${HELPER} (GPU)`, "--type=gpu-process", { ppid: 10 }),
      running(12, `${HELPER} (Renderer)`, "--type=renderer", { ppid: 10 }),
      running(13, HELPER, "--type=utility --utility-sub-type=network.mojom.NetworkService", {
        ppid: 10,
      }),
      running(14, HELPER, SERVICE, { ppid: 10 }),
      running(15, "/bin/zsh", [], { ppid: 14 }),
    ],
    told: ["desktop 14: 14 desktop, 15 child"],
    only: "darwin",
  },
  "desktop, Electron on macOS: a channel's": {
    machine: [
      running(14, HELPER.replaceAll("OpenCode", "OpenCode Beta"), SERVICE),
    ],
    told: ["desktop 14: 14 desktop"],
    only: "darwin",
  },
  "desktop, Electron on Linux: deb, rpm and AppImage, and channels": {
    machine: [
      running(10, LINUX_APP),
      running(11, LINUX_APP, "--type=zygote", { ppid: 10 }),
      // As Chromium shows the arguments of its children here.
      running(12, LINUX_APP, [], { ppid: 10, argv: [[LINUX_APP, ...SERVICE].join(" ")] }),
      running(13, LINUX_APP, [], { ppid: 10, argv: [`${LINUX_APP} --type=renderer --lang=en-US`] }),
      running(20, "/tmp/.mount_OpenCoXyZ/ai.opencode.desktop.beta", SERVICE),
      running(30, "/opt/OpenCode/opencode-desktop", SERVICE),
    ],
    told: ["desktop 12: 12 desktop", "desktop 20: 20 desktop", "desktop 30: 30 desktop"],
    only: "linux",
  },
  "2.x, as a service": {
    machine: [
      running(10, "/home/u/.local/bin/opencode2", "serve --service"),
      running(20, `${MODULES}/bin/opencode2.exe`, "serve --service", { name: "opencode2" }),
    ],
    told: ["server 10: 10 server", "server 20: 20 server"],
  },
  "from source: bun dev, and what it runs": {
    machine: [
      running(10, "/home/u/.bun/bin/bun", "dev serve", { cwd: "/src/opencode" }),
      running(
        11,
        "/home/u/.bun/bin/bun",
        "run --cwd packages/opencode --conditions=browser src/index.ts serve",
        { ppid: 10, cwd: "/src/opencode/packages/opencode" },
      ),
    ],
    told: ["server 11: 10 launcher, 11 server"],
  },
};

async function toldOf(machine: readonly FakeProcess[], os: Os): Promise<string[]> {
  const probe = new FakeProbe(machine.map((one) => cut(one, os)), os);
  const { out, err, code } = await runFake(["list", "--json", "--sort", "pid"], { probe });
  assert.deepEqual([err, code], ["", 0]);
  const { instances } = JSON.parse(out);
  return instances.map(({ id, role, processes }: {
    readonly id: string;
    readonly role: string;
    readonly processes: readonly { readonly pid: number; readonly role: string }[];
  }) =>
    `${role} ${id.split("-")[0]}: ${processes.map((one) => `${one.pid} ${one.role}`).join(", ")}`
  );
}

for (const [name, { machine, told, only }] of Object.entries(SHAPES)) {
  for (const os of ["linux", "darwin"] as const) {
    if (only !== undefined && only !== os) continue;
    pure(`shape on ${os}: ${name}`, async () => {
      assert.deepEqual((await toldOf(machine, os)).toSorted(), told);
    });
  }
}

const STRANGERS: readonly FakeProcess[] = [
  // Names that it gave itself: its executable decides.
  running(10, "/usr/bin/python3", "serve", { name: "opencode", argv: ["opencode", "serve"] }),
  // Another user's, whose executable can't be read: the name alone is not enough.
  { pid: 11, name: "opencode", exe: null, argv: ["python3", "x.py"] },
  // Other apps of Electron, and of folders that are named so.
  running(12, "/Applications/Code.app/Contents/MacOS/Code", SERVICE),
  running(13, "/home/u/OpenCode/tools/electron", SERVICE),
  running(14, "/home/u/opencode/bin/mcp"),
  running(15, "/usr/bin/opencode-exporter", "serve"),
  running(16, "/home/u/.bun/bin/bun", "run src/index.ts serve", { cwd: "/w/packages/other" }),
];

for (const os of ["linux", "darwin"] as const) {
  pure(`no shape of OpenCode on ${os}, whatever it is called`, async () => {
    assert.deepEqual(await toldOf(STRANGERS, os), []);
  });

  pure(`any executable of its name counts on ${os}: the name is what is known of it`, async () => {
    const fake = running(10, "/tmp/x/opencode", "serve", { name: "opencode" });
    assert.deepEqual(await toldOf([fake], os), ["server 10: 10 server"]);
  });
}

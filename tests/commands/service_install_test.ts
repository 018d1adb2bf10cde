/** `ocmem service --install` and `--uninstall`: what is done, in which order, and what is left. */

import assert from "node:assert/strict";
import type { Order, Outcome } from "../../src/world.ts";
import { pure } from "../support.ts";
import { AGENT, DONE, Machine, printed, serve, SERVICE, TIMER, UNITS } from "./serving.ts";

pure("systemd --install: writes, reloads, enables, starts anew, and says so", async () => {
  const machine = new Machine();
  const { code, out, err } = await machine.run("systemd --install");
  assert.deepEqual([code, err], [0, ""]);
  const [wrote, ...steps] = out.trimEnd().split("\n");
  assert.equal(wrote, `wrote ${SERVICE}`);
  assert.deepEqual(steps.slice(0, -1), [
    "ran systemctl --user daemon-reload",
    "ran systemctl --user enable ocmem.service",
    "ran systemctl --user restart ocmem.service",
  ]);
  assert.match(steps.at(-1)!, /while you are logged in.*enable-linger.*journalctl --user -u ocmem/);
  assert.deepEqual(machine.commands, [
    "systemctl --user daemon-reload",
    "systemctl --user enable ocmem.service",
    "systemctl --user restart ocmem.service",
  ]);
  const text = await printed("systemd");
  assert.deepEqual([...machine.files], [
    [SERVICE, { text: text.replace(`# ${SERVICE}\n`, ""), mode: 0o600 }],
  ]);
});

pure(
  "systemd --install of a check starts the timer; from one to the other nothing is left",
  async () => {
    const machine = new Machine();
    const start = (unit: string) => [
      "systemctl --user daemon-reload",
      `systemctl --user enable ${unit}`,
      `systemctl --user restart ${unit}`,
    ];
    await machine.run("systemd --install -- check");
    assert.deepEqual(machine.commands, start("ocmem.timer"));
    assert.deepEqual([...machine.files.keys()], [SERVICE, TIMER]);
    await machine.run("systemd --install -- check --quiet");
    assert.deepEqual(machine.commands, start("ocmem.timer"));
    const { out } = await machine.run("systemd --install");
    assert.deepEqual(machine.commands, [
      "systemctl --user disable --now ocmem.timer",
      ...start("ocmem.service"),
    ]);
    assert.match(out, RegExp(`^removed ${TIMER}$`, "m"));
    assert.deepEqual([...machine.files.keys()], [SERVICE]);
    await machine.run("systemd --install -- check");
    assert.deepEqual(machine.commands, [
      "systemctl --user disable --now ocmem.service",
      ...start("ocmem.timer"),
    ]);
    assert.deepEqual([...machine.files.keys()], [SERVICE, TIMER]);
  },
);

pure("systemd --uninstall: stops, removes what is there, and the second time nothing", async () => {
  for (
    const [command, unit, paths] of [
      ["watch", "ocmem.service", [SERVICE]],
      ["check", "ocmem.timer", [SERVICE, TIMER]],
    ] as const
  ) {
    const machine = new Machine();
    await machine.run(`systemd --install -- ${command}`);
    const { code, out, err } = await machine.run("systemd --uninstall");
    assert.deepEqual([code, err, machine.files.size], [0, "", 0]);
    assert.deepEqual(out.trimEnd().split("\n"), [
      `ran systemctl --user disable --now ${unit}`,
      ...paths.map((path) => `removed ${path}`),
      "ran systemctl --user daemon-reload",
    ]);
    const again = await machine.run("systemd --uninstall");
    assert.deepEqual([again.code, again.err, machine.commands], [0, "", []]);
    assert.equal(again.out, `Nothing to remove: there is no ${SERVICE} and no ${TIMER}\n`);
  }
});

pure("launchd: --install and --uninstall, and what each says", async () => {
  const machine = new Machine();
  const { code, out, err } = await machine.run("launchd --install");
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(out.trimEnd().split("\n"), [
    `wrote ${AGENT}`,
    "ran launchctl bootout gui/$(id -u)/io.ocmem (if it is loaded)",
    "ran launchctl enable gui/$(id -u)/io.ocmem",
    `ran launchctl bootstrap gui/$(id -u) ${AGENT}`,
    "It runs while you are logged in. Its output: /home/ann/Library/Logs/ocmem.log",
  ]);
  assert.deepEqual(machine.commands, ["io.ocmem", "io.ocmem", AGENT]);
  assert.deepEqual([...machine.files], [
    [AGENT, { text: await printed("launchd"), mode: 0o600 }],
  ]);
  const removed = await machine.run("launchd --uninstall");
  assert.deepEqual(removed.out.trimEnd().split("\n"), [
    "ran launchctl bootout gui/$(id -u)/io.ocmem (if it is loaded)",
    `removed ${AGENT}`,
  ]);
  assert.equal(machine.files.size, 0);
  const again = await machine.run("launchd --uninstall");
  assert.deepEqual(
    [again.code, again.out, machine.commands],
    [0, `Nothing to remove: there is no ${AGENT}\n`, []],
  );
});

pure("a file that ocmem has not written is neither replaced nor removed", async () => {
  for (const [kind, path] of [["systemd", SERVICE], ["systemd", TIMER], ["launchd", AGENT]]) {
    for (const [flag, action] of [["--install", "write"], ["--uninstall", "remove"]]) {
      for (const text of ["[Unit]\n", ""]) {
        const machine = new Machine();
        machine.files.set(path!, { text });
        const { code, out, err } = await machine.run(`${kind} ${flag}`);
        assert.deepEqual([code, out, machine.commands], [73, "", []]);
        assert.match(err, RegExp(`^ocmem: Cannot ${action} ${path}: .*not written.*--name`));
        assert.deepEqual([...machine.files], [[path, { text }]]);
      }
    }
  }
});

pure("a command that fails is named, with its first line, and files stay", async () => {
  const failures: readonly (readonly [Outcome, RegExp])[] = [
    [
      { kind: "done", code: 1, output: "Failed to connect: \x1b[31mno bus.\nmore" },
      / failed with exit code 1: Failed to connect: \\x1b\[31mno bus\. What stays: /,
    ],
    [{ kind: "done", code: 3, output: "" }, / failed with exit code 3\. What stays: /],
    [{ kind: "refused", reason: "it is not granted" }, / can't be run: it is not granted\. /],
    [{ kind: "ended", output: "" }, / was ended after 2m\. /],
    [{ kind: "done", code: 1, output: "x".repeat(5000) }, / exit code 1: x{200}\. /],
  ];
  for (const [outcome, message] of failures) {
    const machine = new Machine();
    machine.fails = ["systemctl --user enable ocmem.timer", outcome];
    const { code, out, err } = await machine.run("systemd --install -- check");
    assert.equal(code, 69);
    assert.match(err, /^ocmem: Cannot install: systemctl --user enable ocmem\.timer /);
    assert.match(err, message);
    assert.ok(err.endsWith(`What stays: ${SERVICE}, ${TIMER}\n`), err);
    assert.match(out, /^wrote .*\nwrote .*\nran systemctl --user daemon-reload\n$/);
    assert.deepEqual([...machine.files.keys()], [SERVICE, TIMER]);
    assert.equal(machine.commands.at(-1), "systemctl --user enable ocmem.timer");
  }
});

pure("where what runs can't be stopped, its files stay as they were", async () => {
  const machine = new Machine();
  await machine.run("systemd --install");
  const before = [...machine.files];
  machine.fails = [
    "systemctl --user disable --now ocmem.service",
    { kind: "done", code: 1, output: "no bus" },
  ];
  for (const args of ["systemd --install -- check", "systemd --uninstall"]) {
    const { code, out, err } = await machine.run(args);
    assert.deepEqual([code, out], [69, ""]);
    assert.match(err, RegExp(`Cannot (un)?install: .*no bus\\. What stays: ${SERVICE}\n$`));
    assert.deepEqual([...machine.files], before);
  }
});

pure("a failure that leaves no file names none", async () => {
  const machine = new Machine();
  await machine.run("systemd --install");
  machine.fails = ["systemctl --user daemon-reload", { kind: "done", code: 1, output: "" }];
  const { code, out, err } = await machine.run("systemd --uninstall");
  assert.deepEqual([code, machine.files.size], [69, 0]);
  assert.match(out, RegExp(`^removed ${SERVICE}$`, "m"));
  assert.equal(
    err,
    "ocmem: Cannot uninstall: systemctl --user daemon-reload failed with exit code 1\n",
  );
});

pure("a folder or file that can't be written is said, and nothing is run", async () => {
  for (const path of [UNITS, SERVICE]) {
    const orders: Order[] = [];
    const execute = (order: Order) => (orders.push(order), Promise.resolve(DONE));
    const { code, out, err } = await serve("systemd --install", {
      refusals: { [path]: "permission denied" },
      execute,
    });
    assert.deepEqual([code, out, orders], [73, "", []]);
    assert.match(err, RegExp(`^ocmem: Cannot \\w+ ${path}: permission denied`));
  }
});

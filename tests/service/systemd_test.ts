/** User units, read back by systemd itself: systemd-analyze verify tells how it understands them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../src/errors.ts";
import type { Job, UnitFile } from "../../src/service/job.ts";
import { systemd } from "../../src/service/systemd.ts";
import { finished, type Outcome } from "../live/command_line.ts";
import { hasProgram, live, pure, temporaryFolder } from "../support.ts";
import { HOSTILE, hostileName, hostileWord, samples } from "./hostile.ts";

const FOLDER = "/home/ann/.config/systemd/user";
const WATCH: Job = { kind: "watch", command: ["/bin/true", "watch"], everyMs: 60_000 };
const CHECK: Job = { kind: "check", command: ["/bin/true", "check"], everyMs: 300_000 };
const SYSTEMD = { "systemd-analyze": hasProgram("systemd-analyze") };

function unitsOf(job: Job, folder = FOLDER, name = "ocmem"): readonly UnitFile[] {
  return systemd(folder, name).units(job);
}

function write(units: readonly UnitFile[]): string[] {
  for (const { path, text } of units) Deno.writeTextFileSync(path, text);
  return units.map(({ path }) => path);
}

/** What systemd says to these files of one folder; in `detail`, how it understands them. */
async function verified(files: readonly string[], detail: boolean): Promise<Outcome> {
  const script = `export SYSTEMD_LOG_LEVEL="$0" LC_ALL=C.UTF-8 XDG_RUNTIME_DIR="\${1%/*}"
exec systemd-analyze verify --user --man=no --recursive-errors=no "$@"`;
  return await finished("/bin/sh", ["-c", script, detail ? "debug" : "info", ...files]);
}

/** What systemd tells of a unit that it has loaded: its dump, from `Unit NAME:` to the next. */
function dumpOf(stdout: string, unit: string): string {
  const found = stdout.split(/^\t(?:->|→) Unit /m).find((part) => part.startsWith(`${unit}:\n`));
  assert.ok(found, `${unit} is not in ${stdout}`);
  return found;
}

/**
 * The command line of a service, as its dump has it: where a word needs it, in double quotes, and there
 * with a backslash before what means something (shell_maybe_quote() of systemd's escape.c).
 */
function commandOf(dump: string): string[] {
  const line = /^\t+Command Line: ([^\n]*)/m.exec(dump)?.[1];
  assert.ok(line, dump);
  const words = line.matchAll(/"((?:[^"\\]|\\[^])*)"|[^ ]+/gu);
  return [...words].map(([word, quoted]) => quoted?.replace(/\\([^])/gu, "$1") ?? word);
}

live("systemd: it has no complaint about any unit", SYSTEMD, async () => {
  for (const job of [WATCH, CHECK]) {
    using folder = temporaryFolder();
    const files = write(unitsOf(job, folder.path));
    assert.deepEqual(await verified(files, false), { code: 0, stdout: "", stderr: "" });
  }
});

live("systemd: verify would tell of a mistake", SYSTEMD, async () => {
  using folder = temporaryFolder();
  const [unit] = unitsOf(WATCH, folder.path);
  const text = unit!.text.replace("RestartSec", "RestartSek");
  const { stderr } = await verified(write([{ ...unit!, text }]), false);
  assert.match(stderr, /RestartSek/);
});

live("systemd: a watch is one service, and a check a timer's", SYSTEMD, async () => {
  using folder = temporaryFolder();
  const watch = unitsOf(WATCH, folder.path, "w");
  const check = unitsOf({ ...CHECK, everyMs: 5_400_000 }, folder.path, "c");
  const { stdout } = await verified([...write(watch), ...write(check)], true);
  const service = dumpOf(stdout, "w.service");
  assert.match(service, /^\t*Type: exec$/m);
  assert.match(service, /^\t*Restart: on-failure$/m);
  assert.match(service, /^\t*RestartSec: 30s$/m);
  assert.match(dumpOf(stdout, "c.service"), /^\t*Type: oneshot$/m);
  // Of a oneshot that hangs, systemd would wait for the end, and start no other.
  assert.match(dumpOf(stdout, "c.service"), /^\t*TimeoutStartSec: 1min$/m);
  const timer = dumpOf(stdout, "c.timer");
  assert.match(timer, /^\t*OnActiveSec: 0$/m);
  assert.match(timer, /^\t*OnUnitActiveSec: 1h 30min$/m);
  assert.match(timer, /^\t*Accuracy: 1s$/m);
  assert.deepEqual(watch.map(({ path }) => path), [`${folder.path}/w.service`]);
});

live("systemd: words arrive as they are", SYSTEMD, async () => {
  using folder = temporaryFolder();
  const commands = [
    ["/bin/true", ...HOSTILE],
    ...samples(fc.array(hostileWord, { maxLength: 5 }), 40).map((words) => ["/bin/true", ...words]),
  ];
  const units = commands.map((command, i) =>
    unitsOf({ ...WATCH, command }, folder.path, `u${i}`)[0]!
  );
  const { code, stdout } = await verified(write(units), true);
  assert.equal(code, 0, stdout);
  for (const [i, command] of commands.entries()) {
    assert.deepEqual(commandOf(dumpOf(stdout, `u${i}.service`)), command);
    // Variables are replaced when it is started, in any word, but not behind ":".
    const hasDollar = command.some((word) => word.includes("$"));
    assert.equal(units[i]!.text.includes("\nExecStart=:"), hasDollar);
  }
});

live("systemd: a program of any name is started with its words", SYSTEMD, async () => {
  using folder = temporaryFolder();
  const programs = [...HOSTILE.filter((name) => name !== ""), ...samples(hostileName, 40)]
    .map((name) => `${folder.path}/${name.replaceAll("/", "-")}`);
  const words = ["watch", "--match", "%h $HOME 'é' \\"];
  for (const program of programs) {
    Deno.writeTextFileSync(program, '#!/bin/sh\nprintf \'%s\\0\' "$0" "$@"\n');
    Deno.chmodSync(program, 0o755);
  }
  const units = programs.map((program, i) =>
    unitsOf({ ...WATCH, command: [program, ...words] }, folder.path, `u${i}`)[0]!
  );
  const { code, stdout, stderr } = await verified(write(units), true);
  assert.equal(code, 0, stderr);
  for (const [i, program] of programs.entries()) {
    const [started, ...args] = commandOf(dumpOf(stdout, `u${i}.service`));
    const { stdout: told } = await finished(started!, args);
    assert.deepEqual(told.split("\0"), [program, ...words, ""]);
  }
});

pure("systemd: an interval of check that systemd would not keep is refused", () => {
  for (const everyMs of [1000, 9999]) {
    assert.throws(() => unitsOf({ ...CHECK, everyMs }), UsageError);
    assert.doesNotThrow(() => unitsOf({ ...WATCH, everyMs }));
  }
  assert.throws(() => unitsOf({ ...CHECK, everyMs: 5000 }), /--interval 5s with check.*10s.*watch/);
  assert.match(unitsOf({ ...CHECK, everyMs: 10_500 })[1]!.text, /^OnUnitActiveSec=10s500ms$/m);
});

pure("systemd: verdicts are no failures, and UNKNOWN is one", () => {
  // check ends with 1 for WARNING, 2 for CRITICAL, and 3 also for wrong arguments and failures.
  assert.match(unitsOf(CHECK)[0]!.text, /^SuccessExitStatus=1 2$/m);
  // sysexits.h: EX_USAGE 64, EX_CONFIG 78.
  assert.match(unitsOf(WATCH)[0]!.text, /^RestartPreventExitStatus=64 78$/m);
});

pure("systemd: units are wanted by what is reached at login, and each by one", () => {
  const wanted = ({ text }: UnitFile) => /^WantedBy=(.*)$/m.exec(text)?.[1];
  assert.deepEqual(unitsOf(WATCH).map(wanted), ["default.target"]);
  assert.deepEqual(unitsOf(CHECK).map(wanted), [undefined, "timers.target"]);
});

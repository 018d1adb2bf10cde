/** Lines for crontab: taken by the real crontab, and run as the crons there are would run them. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../src/errors.ts";
import { cronLines } from "../../src/service/cron.ts";
import { finished, type Outcome } from "../live/command_line.ts";
import { live, pure, temporaryFolder } from "../support.ts";
import { HOSTILE, hostileName, hostileWord, samples } from "./hostile.ts";
import { DEBIAN } from "./own_system.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function linesOf(command: readonly string[], everyMs = 5 * MINUTE): string {
  return cronLines({ kind: "check", command, everyMs });
}

/** The schedule and the command of the one line that is no comment. */
function lineOf(text: string): [string, string] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert.equal(lines.length, 1, text);
  const [, schedule, command] = /^((?:\S+ ){4}\S+) (.*)$/su.exec(lines[0]!)!;
  return [schedule!, command!];
}

/** A dry run of Debian's crontab: it checks the syntax. */
async function crontab(text: string): Promise<Outcome> {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/tab`, text);
  return await finished("crontab", ["-n", `${folder.path}/tab`]);
}

pure("cron: each schedule that is meant, and no others", () => {
  // crontab(5): minute, hour, day of month, month, day of week; "*/5": every five of them.
  const minutes = [2, 3, 4, 5, 6, 10, 12, 15, 20, 30];
  const hours = [2, 3, 4, 6, 8, 12];
  const wanted = new Map([
    [MINUTE, "* * * * *"],
    ...minutes.map((n) => [n * MINUTE, `*/${n} * * * *`] as const),
    [HOUR, "0 * * * *"],
    ...hours.map((n) => [n * HOUR, `0 */${n} * * *`] as const),
    [24 * HOUR, "0 0 * * *"],
  ]);
  for (let ms = MINUTE / 2; ms <= 25 * HOUR; ms += MINUTE / 2) {
    const schedule = wanted.get(ms);
    if (schedule === undefined) assert.throws(() => linesOf(["/o"], ms), UsageError);
    else assert.equal(lineOf(linesOf(["/o"], ms))[0], schedule);
  }
});

pure("cron: the error names the nearest intervals", () => {
  const cases = [
    [1000, "1m"],
    [7 * MINUTE, "6m or 10m"],
    [MINUTE + 1, "1m or 2m"],
    [45 * MINUTE, "30m or 1h"],
    [5 * HOUR, "4h or 6h"],
    [13 * HOUR, "12h or 1d"],
    [48 * HOUR, "1d"],
  ] as const;
  for (const [ms, nearest] of cases) {
    const ends = new RegExp(`--interval \\S+ with cron.*: expected ${nearest}$`);
    assert.throws(() => linesOf(["/o"], ms), ends);
  }
});

live("cron: crontab takes every schedule and every word", {
  ...DEBIAN,
}, async () => {
  const { stderr, code } = await crontab("* * * * /bin/true\n");
  assert.match(stderr, /bad/);
  assert.notEqual(code, 0);
  const lines = [1, 30, 60, 720, 1440].map((n) => linesOf(["/bin/true"], n * MINUTE));
  const outcome = await crontab([...lines, linesOf(["/bin/true", ...HOSTILE])].join(""));
  assert.equal(outcome.code, 0, outcome.stderr);
});

live("cron: the longest command that is written is the longest that crontab takes", {
  ...DEBIAN,
}, async () => {
  // In bytes, with all that quoting adds: é has two, 50% becomes '50'\%.
  for (const word of ["a", "é", "50%", "it's"]) {
    let command = ["/bin/true"];
    for (;;) {
      const longer = [...command, word];
      try {
        linesOf(longer);
      } catch (error) {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /bytes.*998.*script.*options file.*executable/);
        break;
      }
      command = longer;
    }
    const [schedule, line] = lineOf(linesOf(command));
    const bytes = new TextEncoder().encode(line).length;
    const longest = `${schedule} ${line}${"x".repeat(998 - bytes)}\n`;
    assert.equal((await crontab(longest)).code, 0);
    assert.notEqual((await crontab(`x${longest}`)).code, 0);
    assert.notEqual((await crontab(longest.replace("\n", "x\n"))).code, 0);
  }
  linesOf(["/bin/true", "x".repeat(998 - "/bin/true ".length)]);
  assert.throws(() => linesOf(["/bin/true", "x".repeat(999 - "/bin/true ".length)]), UsageError);
});

/**
 * What three crons hand to the shell: the command up to the first % that no backslash escapes. Of a
 * backslash that escapes, Vixie's cron 3.0 drops none, Debian's the one before %, FreeBSD's (and so
 * macOS's) that and the one before another backslash.
 */
function handedOver(command: string, dropsBefore: string): string {
  let handed = "";
  for (let i = 0; i < command.length; i++) {
    const [character, next] = [command[i]!, command[i + 1] ?? ""];
    assert.notEqual(character, "%", `${command} ends at a %`);
    if (character !== "\\") handed += character;
    else handed += next !== "" && dropsBefore.includes(next) ? next : character + next;
    if (character === "\\") i++;
  }
  return handed;
}

live("cron: a program of any name is started with its words, whatever the cron", {}, async () => {
  using folder = temporaryFolder();
  const names = [...HOSTILE.filter((name) => name !== ""), ...samples(hostileName, 40)];
  const words = [HOSTILE.slice(0, 20), HOSTILE.slice(20), ...samples(fc.array(hostileWord), 40)];
  const commands = names.map((name, i) => [
    `${folder.path}/${name.replaceAll("/", "-")}`,
    ...words[i % words.length]!,
  ]);
  for (const [program] of commands) {
    Deno.writeTextFileSync(program!, '#!/bin/sh\nprintf \'%s\\0\' "$0" "$@"\n');
    Deno.chmodSync(program!, 0o755);
  }
  for (const dropsBefore of ["", "%", "%\\"]) {
    const lines = commands.map((command) => handedOver(lineOf(linesOf(command))[1], dropsBefore));
    const { stdout, stderr } = await finished("/bin/sh", ["-c", lines.join("\n")]);
    assert.equal(stderr, "");
    assert.deepEqual(stdout.split("\0").slice(0, -1), commands.flat());
  }
});

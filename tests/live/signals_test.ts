/** `track` and `watch` asked to end: by signals, by a reader that goes away, by an output that is full. */

import assert from "node:assert/strict";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import {
  finished,
  linesOf,
  ocmem,
  ocmemStarted,
  started,
  type TrackDocument,
} from "./command_line.ts";
import { documented } from "./program.ts";

/** Exit codes of what a signal has cut short: 128 + its number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const PYTHON = { python3: hasProgram("python3") };
const BASH = { bash: hasProgram("bash") };
/** What is followed: this process. */
const OWN = ["--pid", String(Deno.pid)];
/** ECMA-48. */
const ERASE_LINE = "\x1b[2K";
/** Longer than any test. */
const LONG = ["--duration", "1h", "--interval", "10ms"];

/** A command line as a shell text: `ocmem` with these plain words. */
function shellText(words: readonly string[]): string {
  return [...documented(), ...words].map((word) => `'${word}'`).join(" ");
}

/**
 * Runs a command with its standard error on a terminal and its standard output in a file. Says its pid,
 * what the terminal got, with a line for each time that it went back to the start of one, and its exit
 * code.
 */
const ERRORS_ON_TERMINAL = `
import os, pty, subprocess, sys
near, far = pty.openpty()
streams = dict(stdin=subprocess.DEVNULL, stdout=open(sys.argv[1], "w"), stderr=far)
child = subprocess.Popen(sys.argv[2:], **streams)
os.close(far)
print("pid", child.pid, flush=True)
try:
    while chunk := os.read(near, 4096):
        sys.stdout.buffer.write(chunk.replace(b"\\r", b"\\n"))
        sys.stdout.flush()
except OSError:
    pass  # Linux: nobody has the terminal open any more.
print("code", child.wait())
`;

for (const [signal, exitCode] of Object.entries(SIGNALS)) {
  live(`track --json on ${signal}: a whole document of what was read so far`, PYTHON, async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/stdout`;
    const command = [...documented(), "track", ...OWN, ...LONG, "--json"];
    const args = ["-c", ERRORS_ON_TERMINAL, file, ...command];
    await using terminal = started("python3", args, { env: { TERM: "xterm" } });
    const pid = Number((await terminal.line(/^pid (\d+)$/))[1]);
    await terminal.line(/3 of 360000 looks/);
    Deno.kill(pid, signal as keyof typeof SIGNALS);
    assert.equal(Number((await terminal.line(/code (\d+)$/))[1]), exitCode);
    const document: TrackDocument = JSON.parse(Deno.readTextFileSync(file));
    assert.equal(document.planned, 360_000);
    assert.equal(document.ended, "interrupted");
    assert(document.looks >= 3 && document.looks < document.planned, `${document.looks} looks`);
    const [{ ended, stats, readings }] = document.series as [TrackDocument["series"][number]];
    assert.deepEqual(
      [ended, stats.count, readings.length],
      ["interrupted", document.looks, document.looks],
    );
  });

  live(`track --format ndjson on ${signal}: its last lines come`, {}, async () => {
    await using track = ocmemStarted(["track", ...OWN, ...LONG, "--format", "ndjson"]);
    for (let i = 0; i < 3; i++) await track.record(/"type":"reading"/);
    track.kill(signal as keyof typeof SIGNALS);
    const { code, stdout, stderr } = await track.outcome();
    assert.deepEqual([code, stderr], [exitCode, ""]);
    const lines = linesOf(stdout);
    const readings = lines.filter((line) => line.type === "reading").length;
    assert(readings >= 3);
    const types = ["track", ...Array(readings).fill("reading"), "series", "instance", "end"];
    assert.deepEqual(lines.map((line) => line.type), types);
    const [series, instance, end] = lines.slice(-3);
    assert.deepEqual([series!.ended, series!.stats!.count], ["interrupted", readings]);
    assert.deepEqual([instance!.ended, instance!.stats!.count], ["interrupted", readings]);
    assert.deepEqual([end!.ended, end!.looks], ["interrupted", readings]);
  });

  for (const format of ["ndjson", "log"] as const) {
    live(`watch --format ${format} on ${signal}: a summary, and 0`, {}, async () => {
      // The second look is far away: it must not be waited for.
      const args = ["watch", ...OWN, "--interval", "1h", "--format", format];
      await using watch = ocmemStarted(args);
      await watch.line(format === "log" ? /^\S+ found/ : /"event":"found"/);
      watch.kill(signal as keyof typeof SIGNALS);
      const { code, stdout, stderr } = await watch.outcome();
      assert.deepEqual([code, stderr], [0, ""]);
      if (format === "log") {
        const names = stdout.trim().split("\n").map((line) => line.split(/ +/)[1]);
        assert.deepEqual(names, ["watching", "found", "watched"]);
        assert.match(stdout, / 1 look: 1 instance, 1 event, peak .*B\n$/);
        return;
      }
      const lines = linesOf(stdout);
      assert.deepEqual(lines.map((line) => line.type), ["watch", "event", "sample", "summary"]);
      const { looks, instances, events, peak_bytes } = lines[3]!;
      assert.deepEqual([looks, instances, events], [1, 1, 1]);
      assert.equal(peak_bytes, lines[1]!.footprint_bytes);
    });
  }
}

/** Runs a command line into `head`, and returns what came through. Throws unless it ends quietly. */
async function intoHead(lines: number, args: readonly string[]): Promise<string[]> {
  const script = `${shellText(args)} | head -n ${lines}; echo "code \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await finished("bash", ["-c", script]);
  assert.equal(stderr, "");
  const [code, ...shown] = stdout.trim().split("\n").reverse();
  assert.equal(code, "code 0");
  assert.equal(shown.length, lines);
  return shown.reverse();
}

live("watch ends quietly when its reader goes, though nothing happens for an hour", {
  ...BASH,
}, async () => {
  for (const interval of ["10ms", "1h"]) {
    const args = ["watch", ...OWN, "--interval", interval];
    assert.match((await intoHead(1, args))[0]!, /^\S+Z watching +every /);
    const [first] = await intoHead(1, [...args, "--format", "ndjson"]);
    assert.equal(JSON.parse(first!).type, "watch");
  }
});

live("track ends quietly when the reader of its lines goes", BASH, async () => {
  const [titles, reading] = await intoHead(2, ["track", ...OWN, ...LONG, "--format", "csv"]);
  assert.match(titles!, /^at,instance,pid,/);
  assert.equal(reading!.split(",")[2], String(Deno.pid));
  const lines = await intoHead(2, ["track", ...OWN, ...LONG, "--format", "ndjson"]);
  assert.deepEqual(lines.map((line) => JSON.parse(line).type), ["track", "reading"]);
});

live("track notices a reader that has gone before the next reading, too", BASH, async () => {
  const hours = ["--duration", "2h", "--interval", "1h"];
  const [titles] = await intoHead(1, ["track", ...OWN, ...hours, "--format", "csv"]);
  assert.match(titles!, /^at,instance,pid,/);
});

live("with nohup a hangup is no reason to end", BASH, async () => {
  // What nohup does, without its files.
  const words = [
    "-c",
    `trap "" HUP; exec ${shellText(["watch", ...OWN, "--interval", "10ms", "--json"])}`,
  ];
  await using watch = started("bash", words);
  await watch.line(/"type":"sample"/);
  watch.kill("SIGHUP");
  for (let i = 0; i < 5; i++) await watch.line(/"type":"sample"/);
  watch.kill("SIGTERM");
  const { code, stdout, stderr } = await watch.outcome();
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(linesOf(stdout).at(-1)!.type, "summary");
});

live("an output that is full: a sentence, and 74", {
  ...BASH,
  "/dev/full": Deno.build.os === "linux",
}, async () => {
  const once = ["--duration", "10ms", "--interval", "10ms"];
  const commands = [
    ...["text", "json", "ndjson", "csv"].map((format) => ["track", ...once, "--format", format]),
    ...["log", "ndjson"].map((format) => ["watch", "--interval", "1h", "--format", format]),
  ];
  for (const command of commands) {
    const script = `${shellText([...command, ...OWN])} >/dev/full; echo "code $?"`;
    const { stdout, stderr } = await finished("bash", ["-c", script]);
    assert.equal(stdout, "code 74\n", command.join(" "));
    // One line; as JSON where that was asked for.
    assert.match(stderr, /^.*Cannot write to standard output: .*space.*\n$/i);
  }
});

live("progress shows on a terminal, is cleared at the end, and goes nowhere else", {
  ...PYTHON,
}, async () => {
  using folder = temporaryFolder();
  const words = ["track", ...OWN, "--duration", "50ms", "--interval", "10ms", "--json"];
  const plain = await ocmem(...words);
  assert.deepEqual([plain.code, plain.stderr], [0, ""]);
  const file = `${folder.path}/stdout`;
  const onTerminal = async (TERM: string) => {
    const args = ["-c", ERRORS_ON_TERMINAL, file, ...documented(), ...words];
    await using terminal = started("python3", args, { env: { TERM } });
    const { stdout, stderr } = await terminal.outcome();
    assert.equal(stderr, "");
    assert.equal(JSON.parse(Deno.readTextFileSync(file)).looks, 5);
    return stdout.trim().split("\n").slice(1);
  };
  const shown = (await onTerminal("xterm")).filter((line) => line !== "");
  // Every time, and at the end, the line is erased first.
  const texts = shown.map((line) =>
    line.startsWith(ERASE_LINE) ? line.slice(ERASE_LINE.length) : `kept: ${line}`
  );
  const looks = texts.slice(0, -1).map((text) => /^(\d) of 5 looks: .*B in 1 process, /.exec(text));
  assert.deepEqual(looks.map((found) => found?.[1]), ["1", "2", "3", "4", "5"]);
  assert.equal(texts.at(-1), "code 0");
  assert.deepEqual(await onTerminal("dumb"), ["code 0"]);
});

/** Agents of launchd, read back by Python's plistlib and by libplist's plistutil. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../src/errors.ts";
import type { Job } from "../../src/service/job.ts";
import { launchd } from "../../src/service/launchd.ts";
import { finished } from "../live/command_line.ts";
import { hasProgram, live, pure, temporaryFolder } from "../support.ts";
import { HOSTILE, hostileWord, samples } from "./hostile.ts";

const HOME = "/Users/ann";
const WATCH: Job = { kind: "watch", command: ["/opt/ocmem", "watch"], everyMs: 60_000 };
const CHECK: Job = { kind: "check", command: ["/opt/ocmem", "check"], everyMs: 300_000 };

function textOf(job: Job, home = HOME): string {
  const [unit, ...more] = launchd(home, "io.ocmem", "ocmem").units(job);
  assert.equal(more.length, 0);
  return unit!.text;
}

/** What plistlib reads in these files. */
async function read(files: readonly string[]): Promise<Record<string, unknown>[]> {
  const code = "import json, plistlib, sys\n" +
    "print(json.dumps([plistlib.load(open(f, 'rb')) for f in sys.argv[1:]]))";
  const { stdout, stderr } = await finished("python3", ["-c", code, ...files]);
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

/** What plistlib reads in these texts; the second time, in what plistutil makes of them. */
async function readBoth(texts: readonly string[]): Promise<Record<string, unknown>[][]> {
  using folder = temporaryFolder();
  const files = texts.map((_, i) => `${folder.path}/${i}.plist`);
  texts.forEach((text, i) => Deno.writeTextFileSync(files[i]!, text));
  const binaries = files.map((file) => `${file}.bin`);
  // plistutil writes the other format: binary for XML.
  const script = 'for file do plistutil -i "$file" -o "$file.bin" || exit; done';
  const { code, stderr } = await finished("/bin/sh", ["-c", script, "sh", ...files]);
  assert.deepEqual([code, stderr], [0, ""]);
  const magic = Deno.readFileSync(binaries[0]!).subarray(0, 6);
  assert.equal(new TextDecoder().decode(magic), "bplist");
  return [await read(files), await read(binaries)];
}

const READERS = { python3: hasProgram("python3"), plistutil: hasProgram("plistutil") };

live("launchd: watch is kept alive unless it ended with 0", READERS, async () => {
  for (const [agent] of await readBoth([textOf(WATCH)])) {
    assert.deepEqual(agent, {
      Label: "io.ocmem",
      ProgramArguments: ["/opt/ocmem", "watch"],
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 30,
      ProcessType: "Background",
      StandardOutPath: "/Users/ann/Library/Logs/ocmem.log",
      StandardErrorPath: "/Users/ann/Library/Logs/ocmem.log",
    });
  }
});

live("launchd: check is started at its interval, in seconds", READERS, async () => {
  for (const [agent] of await readBoth([textOf(CHECK)])) {
    assert.deepEqual(agent, {
      Label: "io.ocmem",
      ProgramArguments: ["/opt/ocmem", "check"],
      RunAtLoad: true,
      StartInterval: 300,
      ProcessType: "Background",
      StandardOutPath: "/Users/ann/Library/Logs/ocmem.log",
      StandardErrorPath: "/Users/ann/Library/Logs/ocmem.log",
    });
  }
});

live("launchd: words and paths arrive as they are", READERS, async () => {
  const commands = [
    ["/opt/ocmem", "watch", ...HOSTILE],
    ...samples(fc.array(hostileWord, { maxLength: 5 }), 60).map((words) => ["/o", ...words]),
  ];
  const home = "/Users/a & b <c> ]]> -->'\"é";
  const texts = commands.map((command) => textOf({ ...WATCH, command }, home));
  for (const agents of await readBoth(texts)) {
    assert.deepEqual(agents.map((agent) => agent.ProgramArguments), commands);
    assert.equal(agents[0]!.StandardOutPath, `${home}/Library/Logs/ocmem.log`);
  }
});

pure("launchd: the file is named as its label, as launchd.plist(5) expects", () => {
  const { paths, units, hint } = launchd(HOME, "com.ann.memory", "com.ann.memory");
  assert.deepEqual(paths, ["/Users/ann/Library/LaunchAgents/com.ann.memory.plist"]);
  assert.deepEqual(units(WATCH).map(({ path }) => path), paths);
  assert.match(units(WATCH)[0]!.text, /<key>Label<\/key>\n *<string>com\.ann\.memory<\/string>/);
  assert.match(hint, /\/Users\/ann\/Library\/Logs\/com\.ann\.memory\.log$/);
});

pure("launchd: an interval of check that launchd can't keep is refused", () => {
  // ThrottleInterval of launchd.plist(5): "not be spawned more than once every 10 seconds".
  for (const everyMs of [1000, 9999, 10_001, 60_500]) {
    assert.throws(() => textOf({ ...CHECK, everyMs }), UsageError, String(everyMs));
    assert.doesNotThrow(() => textOf({ ...WATCH, everyMs }));
  }
  for (const everyMs of [10_000, 11_000, 86_400_000]) textOf({ ...CHECK, everyMs });
  assert.throws(() => textOf({ ...CHECK, everyMs: 5000 }), /--interval 5s with check.* 10s.*watch/);
});

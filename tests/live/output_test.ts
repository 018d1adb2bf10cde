/** `--output`: a file is replaced whole or not at all, whatever stands in the way. */

import assert from "node:assert/strict";
import { finished, ocmem, ocmemStarted } from "./command_line.ts";
import { documented } from "./program.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";

const OWN = ["--pid", `${Deno.pid}`] as const;

/** What is in a folder, hidden files included. */
function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

live("the output goes to the file, and nothing to the terminal", {}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/report.json`;
  const { code, stdout, stderr } = await ocmem("list", "--json", ...OWN, "--output", path);
  assert.deepEqual([code, stdout, stderr], [0, "", ""]);
  assert.equal(JSON.parse(Deno.readTextFileSync(path)).instances[0].processes[0].pid, Deno.pid);
  assert.deepEqual(namesIn(folder.path), ["report.json"]);
});

live(
  "metrics are for other users' programs, anything else for this user, whatever the umask",
  {},
  async () => {
    using folder = temporaryFolder();
    const modes: Record<string, number> = {};
    const formats = ["prometheus", "openmetrics", "json", "text", "csv", "nagios"];
    const command = documented().map((word) => `'${word}'`).join(" ");
    for (const umask of ["000", "077"]) {
      for (const format of formats) {
        const path = `${folder.path}/${format}`;
        const script =
          `umask ${umask}; ${command} check --pid ${Deno.pid} --format ${format} --output ${path}`;
        const ran = await finished("/bin/sh", ["-c", script]);
        assert.deepEqual([ran.stdout, ran.stderr], ["", ""]);
        modes[`${format} ${umask}`] = modeOf(path);
      }
    }
    for (const [name, mode] of Object.entries(modes)) {
      assert.equal(mode, /metrics|prometheus/.test(name) ? 0o644 : 0o600, name);
    }
  },
);

live(
  "an old file is replaced: by another one, so a reader in the middle goes on with the old",
  {},
  async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/x`;
    Deno.writeTextFileSync(path, "old");
    using reader = Deno.openSync(path);
    await ocmem("check", ...OWN, "--output", path);
    assert.match(Deno.readTextFileSync(path), /^OCMEM /);
    const buffer = new Uint8Array(10);
    const length = reader.readSync(buffer)!;
    assert.equal(new TextDecoder().decode(buffer.subarray(0, length)), "old");
  },
);

live(
  "with --quiet the file is written all the same: an old one would go on to warn",
  {},
  async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/x`;
    await ocmem(
      "check",
      "--quiet",
      "--warning",
      "900GiB",
      "--critical",
      "900GiB",
      ...OWN,
      "--output",
      path,
    );
    assert.match(Deno.readTextFileSync(path), /^OCMEM OK/);
  },
);

live("a name as long as names may be", {}, async () => {
  using folder = temporaryFolder();
  const name = "x".repeat(255);
  const ran = await ocmem("list", ...OWN, "--output", `${folder.path}/${name}`);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(namesIn(folder.path), [name]);
});

live("- is standard output", {}, async () => {
  const ran = await ocmem("check", ...OWN, "--output", "-");
  assert.match(ran.stdout, /^OCMEM /);
});

/** Paths that can't be written: how each is made in a folder, and what is said. */
const BAD: Readonly<Record<string, readonly [make: (folder: string) => string, sentence: RegExp]>> =
  {
    "a folder that is not there": [(f) => `${f}/no/x`, /Cannot create .*\/no\/x: no such file/],
    "a folder": [(f) => f, /it is a folder/],
    "a link": [(f) => {
      Deno.writeTextFileSync(`${f}/target`, "precious");
      Deno.symlinkSync(`${f}/target`, `${f}/link`);
      return `${f}/link`;
    }, /it is a symbolic link/],
    "a link to nothing": [(f) => {
      Deno.symlinkSync(`${f}/nothing`, `${f}/link`);
      return `${f}/link`;
    }, /it is a symbolic link/],
    "a device": [() => "/dev/null", /it is no plain file/],
    "a file as a folder": [(f) => {
      Deno.writeTextFileSync(`${f}/file`, "");
      return `${f}/file/x`;
    }, /not a directory/i],
    "a name that is too long": [(f) => `${f}/${"x".repeat(300)}`, /name too long/],
    "a name that steers the terminal": [(f) => `${f}/\x1b[31m/x`, /\\x1b\[31m/],
  };

for (const [what, [make, sentence]] of Object.entries(BAD)) {
  live(`bad output: ${what}`, {}, async () => {
    using folder = temporaryFolder();
    const path = make(folder.path);
    const before = namesIn(folder.path);
    // Tracking would take an hour: that it fails now shows that it fails before.
    const track = ["track", ...OWN, "--duration", "1h", "--interval", "1h"];
    const ran = await ocmem(...track, "--output", path);
    assert.deepEqual([ran.code, ran.stdout], [73, ""]);
    assert.match(ran.stderr, sentence);
    assert.doesNotMatch(ran.stderr, /bug|os error/);
    assert.ok(!ran.stderr.includes("\x1b"));
    assert.equal((await ocmem("check", ...OWN, "--output", path)).code, 3);
    assert.deepEqual(namesIn(folder.path), before);
    assert.ok(Deno.statSync("/dev/null").isCharDevice);
  });
}

/** Root without the right to pass over permissions; anybody else has none to give up. */
const PLAIN_USER = Deno.uid() === 0
  ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all"]
  : ["env"];

live("bad output: a folder that this user can't write to", {
  [PLAIN_USER[0]!]: hasProgram(PLAIN_USER[0]!),
}, async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/x`;
  Deno.writeTextFileSync(path, "old");
  Deno.chmodSync(folder.path, 0o555);
  const [program, ...args] = [...PLAIN_USER, ...documented(), "list", "--output", path];
  const ran = await finished(program!, args);
  Deno.chmodSync(folder.path, 0o755);
  assert.equal(ran.code, 73, ran.stderr);
  assert.match(ran.stderr, /Cannot create .*\/x: permission denied/);
  assert.equal(Deno.readTextFileSync(path), "old");
});

const NAMESPACES = Deno.build.os === "linux" && hasProgram("unshare") &&
  new Deno.Command("unshare", { args: ["-rm", "true"], stderr: "null" }).outputSync().success;

live("a full disk leaves the old file as it was, and nothing beside it", {
  "a mount of its own": NAMESPACES,
}, async () => {
  using folder = temporaryFolder();
  const command = documented().map((word) => `'${word}'`).join(" ");
  const script = `mount -t tmpfs -o size=64k none '${folder.path}' && cd '${folder.path}' && ` +
    `echo old > x.prom && cat /dev/zero > fill 2> /dev/null; cd '${ROOT}'; ` +
    `${command} check --format prometheus --pid $$ --output '${folder.path}/x.prom'; ` +
    `echo "code $?"; ${command} list --json --pid $$ --output '${folder.path}/y'; ` +
    `echo "code $?"; ls -A '${folder.path}'; cat '${folder.path}/x.prom'`;
  const ran = await finished("unshare", ["-rm", "/bin/sh", "-c", script]);
  assert.equal(ran.stdout, "code 3\ncode 74\nfill\nx.prom\nold\n", ran.stderr);
  const [metrics, json] = ran.stderr.split("\n");
  assert.match(metrics!, /^ocmem: Cannot write .*\/x\.prom: no space left on device$/);
  assert.deepEqual([JSON.parse(json!).type, JSON.parse(json!).exit_code], ["error", 74]);
});

live(
  "tracking that is asked to end keeps what it has; killed, it leaves the old file",
  {},
  async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/readings.ndjson`;
    const args = ["track", ...OWN, "--format", "ndjson", "--interval", "10ms", "--duration", "1h"];
    const begun = async () => {
      const running = ocmemStarted([...args, "--output", path]);
      // Its readings come into a file beside the one that they are for.
      for (;;) {
        const beside = namesIn(folder.path).find((name) => name.endsWith(".tmp"));
        const text = beside === undefined ? "" : Deno.readTextFileSync(`${folder.path}/${beside}`);
        if (text.includes('"reading"')) return running;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    {
      await using running = await begun();
      running.kill("SIGINT");
      assert.equal((await running.outcome()).code, 130);
    }
    const lines = Deno.readTextFileSync(path).trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.at(-1).ended, "interrupted");
    assert.deepEqual(namesIn(folder.path), ["readings.ndjson"]);
    {
      await using running = await begun();
      running.kill("SIGKILL");
      await running.outcome();
    }
    assert.deepEqual(
      Deno.readTextFileSync(path).trim().split("\n").map((line) => JSON.parse(line)),
      lines,
    );
  },
);

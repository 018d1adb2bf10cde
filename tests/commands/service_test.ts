/** `ocmem service`: what it prints, and what it refuses. */

import assert from "node:assert/strict";
import { kindOf } from "../../src/commands/service_words.ts";
import { type FakeFile } from "../fake_world.ts";
import { FakeProbe } from "../fake.ts";
import { pure } from "../support.ts";
import { printed, serve, SERVICE, TIMER, UNITS } from "./serving.ts";

/** The line of a unit's text that begins so. */
function lineOf(text: string, begin: string): string {
  const line = text.split("\n").find((line) => line.startsWith(begin));
  assert.ok(line !== undefined, `${begin} is not in ${text}`);
  return line;
}

pure("what is run by default: ocmem as it was started, and a command that suits", async () => {
  const scene = { ownCommand: ["/opt/deno", "run", "/src/main.ts"] };
  const own = "/opt/deno run /src/main.ts";
  const service = await printed("systemd", scene);
  assert.equal(lineOf(service, "ExecStart"), `ExecStart=${own} watch --format log --notify`);
  const cron = await printed("cron", scene);
  assert.equal(lineOf(cron, "*/5"), `*/5 * * * * ${own} check --quiet`);
  assert.match(await printed("swiftbar", scene), RegExp(`\\$\\(${own} check --format swiftbar\\)`));
  assert.match(await printed("swiftbar", scene), /save it as ocmem\.30s\.sh/);
  const words = [...(await printed("launchd", scene)).matchAll(/<string>(.*)<\/string>/g)];
  assert.deepEqual(
    words.slice(1, 8).map(([, word]) => word),
    [...scene.ownCommand, "watch", "--format", "log", "--notify"],
  );
});

pure("what stands behind -- is run as it is", async () => {
  const words = ["systemd", "--", "watch", "--match", "a b", "--warning", "1GiB"];
  assert.equal(
    lineOf(await printed(words), "ExecStart"),
    'ExecStart=/opt/ocmem watch --match "a b" --warning 1GiB',
  );
  // Without --quiet cron mails every time: who leaves it out wants that.
  assert.match(await printed("cron -- check --json"), /\* \/opt\/ocmem check --json\n$/);
  assert.match(await printed("swiftbar -- check --scope instance"), /instance --format swiftbar\)/);
  for (const given of ["--format swiftbar", "--format=swiftbar"]) {
    const text = await printed(`swiftbar -- check ${given} --scope instance`);
    assert.match(text, RegExp(`check ${given} --scope instance\\)`));
  }
});

pure("--interval is watch's own, and of check how often it is started", async () => {
  const watch = await printed("systemd --interval 90s");
  assert.match(lineOf(watch, "ExecStart"), / --notify --interval 1m30s$/);
  const check = await printed("systemd --interval 90s -- check");
  assert.match(lineOf(check, "ExecStart"), / check$/);
  assert.equal(lineOf(check, "OnUnitActiveSec"), "OnUnitActiveSec=1m30s");
  assert.match(await printed("systemd -- check"), /^OnUnitActiveSec=1m$/m);
  assert.match(
    await printed("launchd --interval 90s -- check"),
    /<key>StartInterval<\/key>\s+<integer>90</,
  );
  assert.match(await printed("launchd -- check"), /<key>StartInterval<\/key>\s+<integer>60</);
  assert.match(await printed("cron --interval 2h"), /^0 \*\/2 \* \* \* \/opt/m);
  assert.match(await printed("swiftbar --interval 2h"), /ocmem\.2h\.sh/);
  assert.match(await printed("systemd -- watch --interval=5s"), / watch --interval=5s\n/);
});

pure("serve goes on by itself, as watch does", async () => {
  const unit = await printed("systemd --interval 5s -- serve --record");
  assert.equal(lineOf(unit, "ExecStart"), "ExecStart=/opt/ocmem serve --record --interval 5s");
  assert.match(unit, /^Restart=on-failure$/m);
  assert.match(unit, /\(ocmem serve\)$/m);
  assert.ok(!unit.includes("OnUnitActiveSec"), "no timer");
  const agent = await printed("launchd -- serve --record");
  assert.match(agent, /<key>KeepAlive<\/key>/);
  assert.doesNotMatch(agent, /StartInterval/);
});

pure("two units are told apart as systemctl cat does it", async () => {
  const text = await printed("systemd -- check");
  const heads = text.split("\n").filter((line) => line.startsWith("# /"));
  assert.deepEqual(heads, [`# ${SERVICE}`, `# ${TIMER}`]);
  assert.ok(text.indexOf("OnUnitActiveSec") > text.indexOf(`\n\n# ${TIMER}\n`));
  assert.ok(text.indexOf("ExecStart") < text.indexOf(`\n\n# ${TIMER}\n`));
});

pure("--name names the units, the agent and the plugin", async () => {
  assert.match(await printed("systemd --name mem.x"), RegExp(`^# ${UNITS}/mem\\.x\\.service\n`));
  assert.match(await printed("swiftbar --name mem"), /save it as mem\.30s\.sh/);
  const agent = await printed("launchd --name com.ann.mem");
  assert.match(agent, /<key>Label<\/key>\s+<string>com\.ann\.mem</);
  assert.match(agent, /<string>\/home\/ann\/Library\/Logs\/com\.ann\.mem\.log</);
  assert.match(await printed("launchd"), /<key>Label<\/key>\s+<string>io\.ocmem</);
  assert.match(await printed("launchd"), /<string>\/home\/ann\/Library\/Logs\/ocmem\.log</);
});

pure("units are in XDG_CONFIG_HOME, unless it is relative or empty", async () => {
  const cases = [
    [{ HOME: "/h", XDG_CONFIG_HOME: "/c" }, "/c"],
    [{ HOME: "/h", XDG_CONFIG_HOME: "/c//" }, "/c"],
    [{ HOME: "/h", XDG_CONFIG_HOME: "c" }, "/h/.config"],
    [{ HOME: "/h", XDG_CONFIG_HOME: "" }, "/h/.config"],
    [{ HOME: "/", XDG_CONFIG_HOME: "" }, "/.config"],
    [{ HOME: "/h/" }, "/h/.config"],
    [{ XDG_CONFIG_HOME: "/c" }, "/c"],
  ] as const;
  for (const [env, folder] of cases) {
    assert.match(await printed("systemd", { env }), RegExp(`^# ${folder}/systemd/user/ocmem\\.se`));
  }
});

pure("without a home there is no place for units, but cron and SwiftBar need none", async () => {
  const homes: Readonly<Record<string, string>>[] = [{}, { HOME: "" }, { HOME: "home" }, {
    HOME: "/a\nb",
  }];
  for (const env of homes) {
    for (const kind of ["launchd", "systemd"]) {
      const { code, out, err } = await serve(kind, { env });
      assert.deepEqual([code, out], [69, ""]);
      assert.match(err, /^ocmem: Cannot tell where units belong: .*HOME/);
    }
    for (const kind of ["cron", "swiftbar"]) await printed(kind, { env });
  }
});

pure("any kind is printed on any system", async () => {
  for (const os of ["darwin", "linux"] as const) {
    for (const kind of ["launchd", "systemd", "cron", "swiftbar"]) {
      await printed(kind, { probe: new FakeProbe([], os) });
    }
  }
});

pure("a word that names no kind is refused, whatever every object inherits", () => {
  for (const text of ["", "initd", "toString", "__proto__"]) {
    assert.throws(() => kindOf(text), /expected one of launchd, systemd, cron, swiftbar$/);
  }
  assert.equal(kindOf("cron"), "cron");
});

const REFUSED: readonly (readonly [string | readonly string[], RegExp])[] = [
  ["initd", /"initd".*launchd, systemd, cron, swiftbar/],
  ["systemd --install --uninstall", /--install with --uninstall/],
  ["cron --install", /--install with cron: what ocmem service cron prints.*crontab -e/],
  ["cron --uninstall", /--uninstall with cron: .*crontab -e/],
  ["swiftbar --install", /--install with swiftbar: .*folder/],
  ["systemd --uninstall --interval 5m", /--uninstall with --interval/],
  ["systemd --uninstall -- check", /--uninstall with .* a command/],
  ["cron --name x", /--name with cron/],
  ["systemd --name ../x", /--name "\.\.\/x": expected .*letters/],
  ["systemd --name=-x", /--name "-x"/],
  ["systemd --name .x", /--name "\.x"/],
  ["systemd --name a--> --", /--name "a-->"/],
  [["systemd", "--name", "x".repeat(65)], /--name "x/],
  ["systemd -- list", /have systemd run "list": expected watch, serve or check behind --/],
  ["systemd -- --quiet", /have systemd run "--quiet": expected watch, serve or check/],
  ["cron -- watch", /have cron run "watch": expected check behind --/],
  ["swiftbar -- watch", /have swiftbar run "watch": expected check/],
  ["swiftbar -- check --json", /--json behind -- with swiftbar/],
  ["swiftbar -- check --format text", /--format behind -- with swiftbar/],
  ["swiftbar -- check --format=swiftbarx", /--format=swiftbarx behind -- with swiftbar/],
  ["systemd --interval 5s -- watch --interval 6s", /--interval twice/],
  ["systemd --interval 5s -- watch --interval=6s", /--interval twice/],
  ["systemd --interval 5s -- check", /--interval 5s with check.*10s/],
  ["launchd --interval 5s -- check", /--interval 5s with check.*10s/],
  ["launchd --install --interval 5s -- check", /--interval 5s with check.*10s/],
  ["cron --interval 7m", /--interval 7m with cron.*6m or 10m/],
  ["swiftbar --interval 1500ms", /--interval 1s500ms with swiftbar/],
  ["cron -- check --warnin 1GiB", /--warnin/],
  ["cron -- check --warning 2G", /--warning "2G"/],
  ["systemd -- watch --help", /--help/],
  [["systemd", "--", "watch", "--exec", "a\nb"], /with "a\\nb".*line breaks/],
  [["cron", "--", "check", "--match", "a\x7f"], /with "a\\x7f"/],
  [["launchd", "--", "watch", "--match", "\ufffe"], /control characters/],
  [["swiftbar", "--", "check", "--match", "\ud800"], /control characters/],
];

for (const [args, message] of REFUSED) {
  pure(`refused: ${JSON.stringify(args)}`, async () => {
    const files = new Map<string, FakeFile>();
    const { code, out, err } = await serve(args, { files });
    assert.deepEqual([code, out, files.size], [64, "", 0]);
    assert.match(err, message);
  });
}

pure("what is installed is this system's, and the other kind is named", async () => {
  for (const flag of ["--install", "--uninstall"]) {
    const mac = await serve(`systemd ${flag}`, { probe: new FakeProbe([], "darwin") });
    assert.equal(mac.code, 64);
    assert.match(mac.err, RegExp(`Cannot use ${flag} with systemd on macOS: expected launchd`));
    const linux = await serve(`launchd ${flag}`, { probe: new FakeProbe([], "linux") });
    assert.equal(linux.code, 64);
    assert.match(linux.err, RegExp(`Cannot use ${flag} with launchd on Linux: expected systemd`));
  }
});

pure("ocmem in npx's cache: said, and written all the same", async () => {
  const inCache = ["/home/ann/.npm/_npx/7a40/node_modules/deno/deno", "run", "/src/main.ts"];
  const { code, out, err } = await serve("cron", { ownCommand: inCache });
  assert.equal(code, 0);
  assert.match(err, /^ocmem: \/home\/ann\/\.npm\/_npx\/7a40\S+ is in npx's cache.*\n$/);
  assert.match(out, /_npx/);
  await printed("cron", { ownCommand: ["/home/ann/my_npx/_npxx/ocmem"] });
  await printed("cron -- check --match a/_npx/b");
});

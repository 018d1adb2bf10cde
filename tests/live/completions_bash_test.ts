/** Completion in bash: what it inserts, what it lists, and that it runs nothing. */

import assert from "node:assert/strict";
import { hasProgram, live } from "../support.ts";
import { NEEDS as ACTORS } from "./actor.ts";
import { Home, Prompt, SHOWN, startOf } from "./shells.ts";

const NEEDS = { bash: hasProgram("bash") };
const PACKAGE = "/usr/share/bash-completion/bash_completion";
const TERMINAL = { ...NEEDS, ...ACTORS, tmux: hasProgram("tmux") };

/** How bash asks (COMP_TYPE): to go on from what is typed, or for a list. */
const INSERT = 9;
const LIST = 63;

interface Line {
  /** Up to the cursor. */
  readonly line: string;
  /** The part of it that readline replaces. */
  readonly part: string;
  readonly type?: number;
  readonly command?: string;
}

/** What bash gets for lines, each asked in the same shell. */
async function repliesTo(home: Home, lines: readonly Line[], before = ""): Promise<string[][]> {
  home.write("ocmem.bash", await home.script("bash"));
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const asked = lines.map(({ line, part, type = INSERT, command = "ocmem" }) =>
    `COMP_TYPE=${type} COMP_LINE=${quoted(line)}
    COMP_POINT=\${#COMP_LINE}
    COMP_LINE+='and what stands behind the cursor'
    _ocmem ${quoted(command)} ${quoted(part)} ''
    printf '%s\\n' "\${COMPREPLY[@]:-nothing}" over`
  );
  home.write("asked.bash", `${before}\nsource ./ocmem.bash\n${asked.join("\n")}`);
  const { code, stdout, stderr } = await home.run("bash", ["--norc", "asked.bash"]);
  assert.deepEqual([code, stderr], [0, ""]);
  const replies = stdout.split("over\n").slice(0, -1);
  return replies.map((text) => text.split("\n").slice(0, -1).filter((one) => one !== "nothing"));
}

const FORMATS = ["text", "json", "ndjson", "csv", "markdown"];

live("bash: commands, flags and values, whatever breaks words", NEEDS, async () => {
  await using home = new Home();
  const cases: readonly [line: string, part: string, ...replies: string[]][] = [
    ["ocmem wat", "wat", "watch"],
    ["ocmem  help\tlis", "lis", "list"],
    ["ocmem check --form", "--form", "--format"],
    ["ocmem --form", "--form", "--format"],
    ["ocmem list --format j", "j", "json"],
    // bash breaks words at = unless it is told otherwise, as npm's completion tells it.
    ["ocmem list --format=j", "j", "json"],
    ["ocmem list --format=j", "--format=j", "--format=json"],
    ["ocmem list --format=", "", ...FORMATS],
    ["ocmem list --format ", "", ...FORMATS],
    ["ocmem completions ", "", "bash", "zsh", "fish"],
    ["ocmem service cron --interval 5m -- ch", "ch", "check"],
    ["ocmem list x", "x"],
    ["ocmem lsit --format ", ""],
    // Quotes and what they hide: two words of one flag, a word that only looks like a flag.
    ["ocmem check --match 'a b' --form", "--form", "--format"],
    ['ocmem check --match "a \\" b" --form', "--form", "--format"],
    ["ocmem check --match a\\ b --form", "--form", "--format"],
    ["ocmem check --match 'a --form", "--form"],
    ["ocmem 'check' \"--for\"m", "--form", "--format"],
    ["ocmem check --match '' --form", "--form", "--format"],
    ["ocmem completions '' ", "", "--help"],
    ["ocmem wa\\t", "wa\\t", "watch"],
    ["ocmem *", "*"],
    // Redirections are no words, and their files are bash's business.
    ["ocmem 2>/dev/null list >x --form", "--form", "--format"],
    ["ocmem list 2>&1 --form", "--form", "--format"],
    ["ocmem list &>x --form", "--form", "--format"],
    ["ocmem list --format>x j", "j", "json"],
    ["ocmem list >", ""],
    ["ocmem list > te", "te"],
    ["ocmem 2> wat", "wat"],
    ["ocmem list --output so", "so"],
  ];
  const lines = cases.map(([line, part]) => ({ line, part }));
  const replies = await repliesTo(home, lines);
  cases.forEach(([line, part, ...expected], i) => {
    assert.deepEqual(replies[i], expected, `${line} (${part})`);
  });
});

live("bash: strict and odd settings change nothing", NEEDS, async () => {
  const lines = [
    { line: "ocmem list --format=j", part: "j" },
    { line: "ocmem list --bogus=", part: "" },
    { line: "ocmem completions ", part: "", type: LIST },
  ];
  const expected = [["json"], [], ["bash", "zsh", "fish"]];
  for (
    const before of ["set -u", "IFS=e", "set -f", "shopt -s nullglob failglob", "set -o posix"]
  ) {
    await using home = new Home();
    assert.deepEqual(await repliesTo(home, lines, before), expected, before);
  }
});

live("bash: the program is called as it was typed", NEEDS, async () => {
  await using home = new Home();
  home.pretend();
  const [relative, byHome, absent, func, other] = await repliesTo(
    home,
    [
      { line: "bin/ocmem wat", part: "wat", command: "bin/ocmem" },
      { line: "~/bin/ocmem wat", part: "wat", command: "~/bin/ocmem" },
      { line: "$(touch a)/ocmem wat", part: "wat", command: "$(touch a)/ocmem" },
      { line: "om wat", part: "wat", command: "om" },
      { line: "other/ocmem o", part: "o", command: "other/ocmem" },
    ],
    'om() { ocmem "$@"; }',
  );
  assert.deepEqual([relative, byHome, absent, func], [["watch"], ["watch"], [], ["watch"]]);
  assert.deepEqual(other, ["o:t\\h", "other"]);
  assert.throws(() => Deno.statSync(`${home.path}/a`), Deno.errors.NotFound);
});

live("bash: descriptions stand in lists alone, and only between several", NEEDS, async () => {
  await using home = new Home();
  const list = (line: string, part: string, type: number) => ({ line, part, type });
  const replies = await repliesTo(home, [
    list("ocmem list --wi", "--wi", LIST),
    list("ocmem l", "l", 33),
    // 37: menu-complete, 42: insert-completions. Both insert what they get.
    list("ocmem list --", "--", 37),
    list("ocmem list --", "--", 42),
  ], "COLUMNS=40");
  assert.deepEqual(replies[0], ["--wide"]);
  assert.deepEqual(replies[1], ["list"]);
  for (const inserted of [replies[2]!, replies[3]!]) {
    assert.ok(inserted.length > 5);
    for (const flag of inserted) assert.match(flag, /^--[a-z-]+$/);
  }
});

live("bash: a list fits the terminal, its values in a column", NEEDS, async () => {
  await using home = new Home();
  const [flags] = await repliesTo(home, [
    { line: "ocmem list --", part: "--", type: LIST },
  ], "COLUMNS=40");
  assert.ok(flags!.some((line) => line === "--json          -- Short for --format j"));
  for (const line of flags!) assert.match(line, /^--[a-z-]+ {2,}-- .+$/);
  for (const line of flags!) assert.ok(line.length <= 39 && line.indexOf("  -- ") <= 14, line);
});

live("bash: pids of what runs in a hostile folder, and nothing of its name is run", {
  ...NEEDS,
  ...ACTORS,
}, async () => {
  await using home = new Home();
  await home.populate();
  const [hostile, plain] = home.pids as [number, number];
  home.write("ocmem.bash", "");
  home.write("asked.bash", "");
  const before = home.files();
  const [list, values] = await repliesTo(home, [
    { line: "ocmem track --pid ", part: "", type: LIST },
    { line: "ocmem track --pid=", part: "" },
  ], "COLUMNS=400");
  const line = (pid: number) => list!.find((line) => line.startsWith(`${pid} `)) ?? "";
  assert.match(line(hostile), /^\d+ {2,}-- tui [\d.]+ [KM]iB ~\//);
  assert.ok(line(hostile).endsWith(` ~/${SHOWN}`), line(hostile));
  assert.match(line(plain), /^\d+ {2,}-- server [\d.]+ [KM]iB ~$/);
  assert.ok([hostile, plain].every((pid) => values!.includes(`${pid}`)));
  assert.deepEqual(home.files(), before);
});

const STARTS: readonly [name: string, rc: string, need: Readonly<Record<string, boolean>>][] = [
  ["alone", "", {}],
  ["with bash-completion", `source ${PACKAGE}`, { "bash-completion": isThere(PACKAGE) }],
  ["with = no break", "COMP_WORDBREAKS=${COMP_WORDBREAKS//=}", {}],
  ["with a list at once", "bind 'set show-all-if-ambiguous on'", {}],
];

for (const [name, rc, need] of STARTS) {
  live(`bash at a terminal, ${name}: TAB`, { ...TERMINAL, ...need }, async () => {
    await using home = new Home();
    await home.populate();
    const [hostile, plain] = home.pids as [number, number];
    home.write("rc", `PS1="ready> "\n${rc}\neval "$(ocmem completions bash)"\n`);
    const before = home.files();
    await using shell = new Prompt();
    await shell.start(home, "bash --rcfile rc -i");
    await shell.type("ocmem check --form<Tab>");
    await shell.has("ocmem check --format");
    await shell.type("js<Tab>--color=al<Tab>--non<Tab>!");
    await shell.has("ocmem check --format json --color=always --none !");
    await shell.leave();
    await shell.type(`bin/ocmem track --pid ${startOf(hostile, home.pids)}<Tab>!`);
    await shell.has(`bin/ocmem track --pid ${hostile} !`);
    await shell.leave();
    // One for what they begin with, two for the list.
    await shell.type("ocmem track --pid <Tab><Tab><Tab>");
    const wanted = [`${hostile}  -- tui `, ` ~/${SHOWN}`, `${plain}  -- server `];
    await shell.shows(
      "the list",
      (lines) => wanted.every((part) => lines.join("\n").includes(part)),
    );
    await shell.leave();
    await shell.type("ocmem list --output so<Tab>!");
    await shell.has("ocmem list --output some\\ file.txt !");
    await shell.leave();
    await shell.type("ocmem list > so<Tab>!");
    await shell.has("ocmem list > some\\ file.txt !");
    await shell.leave();
    await shell.type("ocmem completions <Tab><Tab>");
    const { stdout } = await home.run("bash", ["-c", "echo $BASH_VERSINFO"]);
    const order = Number(stdout) >= 5 ? /^bash +zsh +fish$/ : /^bash +fish +zsh$/;
    await shell.shows("shells", (lines) => lines.some((line) => order.test(line)));
    await shell.leave();
    // No file where none belongs.
    await shell.type("ocmem list so<Tab>!");
    await shell.has("ocmem list so!");
    assert.deepEqual(home.files(), before);
  });
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

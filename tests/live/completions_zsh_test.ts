/** Completion in zsh at a terminal: what it inserts, what it lists, and that it runs nothing. */

import assert from "node:assert/strict";
import { hasProgram, live } from "../support.ts";
import { NEEDS as ACTORS } from "./actor.ts";
import { Home, Prompt, SHOWN, startOf } from "./shells.ts";

const NEEDS = { zsh: hasProgram("zsh") };
const TERMINAL = { ...NEEDS, ...ACTORS, tmux: hasProgram("tmux") };

/** No dump of what compinit finds: the home stays as it is. */
const COMPINIT = "autoload -Uz compinit && compinit -u -D";
const STARTS: readonly [name: string, rc: string][] = [
  ["evaluated", `${COMPINIT}\neval "$(ocmem completions zsh)"`],
  ["from fpath", `fpath=(~/functions $fpath)\n${COMPINIT}`],
  [
    "with odd settings",
    `${COMPINIT}\nsetopt ksh_arrays sh_word_split glob_subst no_unset no_nomatch
    zstyle ':completion:*' matcher-list 'm:{a-z}={A-Z}'
    zstyle ':completion:*' format '%B%d%b'
    eval "$(ocmem completions zsh)"`,
  ],
];

/** A home whose zsh completes, with OpenCode running. */
async function populated(rc: string): Promise<Home> {
  const home = new Home();
  await home.populate();
  Deno.mkdirSync(`${home.path}/functions`);
  home.write("functions/_ocmem", await home.script("zsh"));
  home.write(".zshrc", `PS1="ready> "\n${rc}\n`);
  return home;
}

for (const [name, rc] of STARTS) {
  live(`zsh, ${name}: TAB`, TERMINAL, async () => {
    await using home = await populated(rc);
    const [hostile, plain] = home.pids as [number, number];
    const before = home.files();
    await using shell = new Prompt();
    await shell.start(home, "zsh -d -i");
    await shell.type("ocmem check --form<Tab>");
    await shell.has("ocmem check --format");
    await shell.type("js<Tab>--color=al<Tab>--non<Tab>!");
    await shell.has("ocmem check --format json --color=always --none !");
    await shell.leave();
    await shell.type("ocmem check --match 'a b' --critical 4<Tab>--match=x --wid<Tab>!");
    await shell.has("ocmem check --match 'a b' --critical 4GiB --match=x --wide !");
    await shell.leave();
    await shell.type(`ocmem 'list' "--format" j<Tab>!`);
    await shell.has(`ocmem 'list' "--format" json !`);
    await shell.leave();
    await shell.type("ocmem wat<Tab>!");
    await shell.has("ocmem watch !");
    await shell.leave();
    await shell.type(`~/bin/ocmem track --pid ${startOf(hostile, home.pids)}<Tab>!`);
    await shell.has(`~/bin/ocmem track --pid ${hostile} !`);
    await shell.leave();
    // One for what they begin with, one for the list.
    await shell.type("ocmem track --pid=<Tab><Tab>");
    const wanted = [
      new RegExp(`^${hostile} +-- tui [\\d.]+ [KM]iB ~/`),
      new RegExp(`^${plain} +-- server [\\d.]+ [KM]iB ~$`),
    ];
    const lines = await shell.shows("the list", (lines) => {
      return wanted.every((line) => lines.some((one) => line.test(one)));
    });
    assert.ok(lines.some((line) => line.endsWith(` ~/${SHOWN}`)), lines.join("\n"));
    assert.match(lines.find((line) => line.startsWith("ready>"))!, /--pid=\d*$/);
    await shell.leave();
    await shell.type("ocmem list --output so<Tab>!");
    await shell.has("ocmem list --output some\\ file.txt !");
    await shell.leave();
    await shell.type("ocmem list --output=so<Tab>!");
    await shell.has("ocmem list --output=some\\ file.txt !");
    await shell.leave();
    await shell.type("ocmem list so<Tab>!");
    await shell.has("ocmem list so!");
    assert.deepEqual(home.files(), before);
  });
}

live("zsh: what a command line can be, with descriptions", TERMINAL, async () => {
  await using home = await populated(STARTS[0]![1]);
  await using shell = new Prompt();
  await shell.start(home, "zsh -d -i");
  await shell.type("ocmem <Tab>");
  const lines = await shell.shows("commands", (lines) => {
    return lines.some((line) => /^service +-- Print or install /.test(line)) &&
      lines.some((line) => /^help +-- Show help /.test(line));
  });
  const at = (command: string) => lines.findIndex((line) => line.startsWith(`${command} `));
  assert.ok(at("check") < at("watch") && at("watch") < at("config"), "in the order of the help");
  await shell.leave();
  await shell.type("ocmem watch --<Tab>");
  await shell.shows("flags", (lines) => {
    return lines.some((line) =>
      /^--exec-timeout +-- End a command that runs longer, /.test(line)
    ) &&
      // A colon parts a value from its description, but for the first.
      lines.some((line) => /^--remind +-- Repeat an alert .*; 0s: never \(10m\)$/.test(line));
  });
});

live(
  "zsh: the program is called as it was typed, and heard whatever it says",
  TERMINAL,
  async () => {
    await using home = await populated(STARTS[0]![1]);
    home.pretend();
    await using shell = new Prompt();
    await shell.start(home, "zsh -d -i");
    await shell.type("~/other/ocmem o:<Tab>!");
    await shell.has("~/other/ocmem o:t\\\\h !");
    await shell.leave();
    await shell.type("~/other/ocmem <Tab><Tab>");
    await shell.shows("both", (lines) => {
      return lines.some((line) => /^o:t\\h +-- one: \\two$/.test(line)) &&
        lines.some((line) => /^other +new\d+$/.test(line));
    });
  },
);

live("zsh: without compinit a sentence, and no error later", NEEDS, async () => {
  await using home = new Home();
  const script = 'eval "$(ocmem completions zsh)"; echo on';
  const { code, stdout, stderr } = await home.run("zsh", ["-f", "-c", script]);
  assert.deepEqual([code, stdout], [0, "on\n"]);
  assert.match(stderr, /^ocmem: Cannot complete in zsh: put .* compinit before this\n$/);
});

/** Completion in fish, asked as it asks itself: what it proposes, and that it runs nothing. */

import assert from "node:assert/strict";
import { hasProgram, live } from "../support.ts";
import { NEEDS as ACTORS } from "./actor.ts";
import { Home, SHOWN } from "./shells.ts";

const NEEDS = { fish: hasProgram("fish") };

/** What fish proposes for command lines, each a value and its description. */
async function proposals(
  home: Home,
  lines: readonly string[],
  before = "",
): Promise<[string, string][][]> {
  home.write("ocmem.fish", await home.script("fish"));
  const quote = (line: string) => `'${line.replace(/[\\']/g, "\\$&")}'`;
  const asked = lines.map((line) => `complete -C ${quote(line)}; echo over`);
  home.write("asked.fish", `source ocmem.fish\n${before}\n${asked.join("\n")}\n`);
  const { code, stdout, stderr } = await home.run("fish", ["--no-config", "asked.fish"]);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout.split("over\n").slice(0, -1).map((text) =>
    text.split("\n").slice(0, -1).map((line) => {
      const [value = "", description = ""] = line.split("\t");
      return [value, description];
    })
  );
}

live("fish: commands, flags, values, files", NEEDS, async () => {
  await using home = new Home();
  const cases: readonly [line: string, ...values: string[]][] = [
    ["ocmem wat", "watch"],
    ["ocmem help lis", "list"],
    ["ocmem check --for", "--format"],
    ["ocmem --for", "--format"],
    ["ocmem list --format js", "json"],
    ["ocmem list --format=j", "--format=json"],
    ["ocmem list --format ", "text", "json", "ndjson", "csv", "markdown"],
    ["ocmem completions ", "bash", "zsh", "fish"],
    ["ocmem service cron --interval 5m -- ch", "check"],
    ["ocmem check --match 'a b' --for", "--format"],
    ['ocmem check --match "$(touch a)" --for', "--format"],
    ["ocmem check --match (touch a) --for", "--format"],
    ["ocmem list --output so", "some file.txt"],
    ["ocmem list --output=so", "--output=some file.txt"],
    ["ocmem list some"],
    ["ocmem lsit --format "],
    ["bin/ocmem wat", "watch"],
    ["~/bin/ocmem wat", "watch"],
    ["om wat", "watch"],
    ["two wat", "watch"],
  ];
  const before = `
    function two; ocmem $argv; end
    alias om ocmem
    complete -c two -w ocmem
  `;
  const found = await proposals(home, cases.map(([line]) => line), before);
  cases.forEach(([line, ...values], i) => {
    assert.deepEqual(found[i]!.map(([value]) => value), values, line);
  });
  assert.throws(() => Deno.statSync(`${home.path}/a`), Deno.errors.NotFound);
});

live(
  "fish: descriptions, and nothing twice if the script is read twice",
  NEEDS,
  async () => {
    await using home = new Home();
    home.pretend();
    const lines = ["ocmem watch --exec-t", "ocmem servi", "other/ocmem new", "other/ocmem o:t"];
    const [flags, commands, fresh, odd] = await proposals(home, lines, "source ocmem.fish");
    const [flag] = flags!;
    const [command] = commands!;
    assert.match(flag!.join("\t"), /^--exec-timeout\tEnd a command that runs longer, .* \(10s\)$/);
    assert.equal(fresh!.length, 1);
    assert.deepEqual(odd, [["o:t\\h", "one: \\two"]]);
    assert.match(command!.join("\t"), /^service\tPrint or install what runs ocmem/);
  },
);

live("fish: pids of what runs in a hostile folder, and nothing of its name is run", {
  ...NEEDS,
  ...ACTORS,
}, async () => {
  await using home = new Home();
  await home.populate();
  for (const file of ["ocmem.fish", "asked.fish"]) home.write(file, "");
  // fish has a folder for its variables, in any home.
  await home.run("fish", ["--no-config", "-c", "true"]);
  const before = home.files();
  const [separate, attached] = await proposals(home, [
    "ocmem track --pid ",
    `ocmem track --pid=${home.pids[0]}`,
  ]);
  const [hostile, plain] = home.pids.map((pid) => {
    return separate!.find(([value]) => value === `${pid}`)?.[1] ?? "";
  });
  assert.match(hostile!, /^tui [\d.]+ [KM]iB ~\//);
  assert.ok(hostile!.endsWith(` ~/${SHOWN}`), hostile);
  assert.match(plain!, /^server [\d.]+ [KM]iB ~$/);
  assert.deepEqual(attached!.map(([value]) => value), [`--pid=${home.pids[0]}`]);
  assert.deepEqual(home.files(), before);
});

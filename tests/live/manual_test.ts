/** The manual page in the readers that there are, and what people see there. */

import assert from "node:assert/strict";
import { type CommandName, COMMANDS } from "../../src/cli/command_table.ts";
import { DOCS } from "../../src/cli/docs.ts";
import { manual } from "../../src/cli/manual.ts";
import { type FlagSpec, optionsOf, variableOf } from "../../src/cli/settings.ts";
import { hasProgram, live, temporaryFolder } from "../support.ts";
import { finished, ocmem } from "./command_line.ts";
import { hookVariables } from "./hooks.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];

/** What a reader prints of the page that `ocmem man` prints. */
async function read(program: string, ...args: readonly string[]): Promise<string> {
  using folder = temporaryFolder();
  const { code, stdout, stderr } = await ocmem("man");
  assert.deepEqual([code, stderr], [0, ""]);
  const file = `${folder.path}/ocmem.1`;
  Deno.writeTextFileSync(file, stdout);
  const env = { MANWIDTH: "80", MANPAGER: "cat", MAN_KEEP_FORMATTING: "", LC_ALL: "C.UTF-8" };
  const ran = await finished(program, [...args, file], env);
  assert.deepEqual([ran.code, ran.stderr], [0, ""]);
  return ran.stdout;
}

live("groff warns of nothing", { groff: hasProgram("groff") }, async () => {
  assert.equal(await read("groff", "-man", "-Tutf8", "-ww", "-z"), "");
});

live("mandoc warns of nothing but the date that it has not", {
  mandoc: hasProgram("mandoc"),
}, async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/ocmem.1`;
  Deno.writeTextFileSync(file, manual("1.2.3"));
  const { stdout, stderr } = await finished("mandoc", ["-T", "lint", "-W", "warning", file]);
  const warnings = stdout.trim().split("\n");
  assert.equal(stderr, "");
  assert.equal(warnings.length, 1, stdout);
  assert.match(warnings[0]!, /WARNING: missing date, using "": TH$/);
});

/** Sections of a rendered page by their titles, which stand at `indent` by themselves. */
function sectionsOf(text: string, indent: number): Map<string, string> {
  const title = new RegExp(`^ {${indent}}(\\S.*)$`);
  const sections = new Map<string, string>();
  let at = "";
  for (const line of text.split("\n")) {
    at = title.exec(line)?.[1] ?? at;
    sections.set(at, `${sections.get(at) ?? ""}${line}\n`);
  }
  return sections;
}

/** The text of a filled paragraph, however its lines are broken. */
function flowed(text: string): string {
  return text.replace(/\s+/g, " ");
}

const READERS: readonly [name: string, program: string, ...args: string[]][] = [
  ["man", "man"],
  // Without backspaces, which make it bold.
  ["mandoc", "sh", "-c", 'mandoc -T utf8 -O width=78 "$0" | col -bx'],
];

for (const [name, program, ...args] of READERS) {
  const needs = { [name]: hasProgram(name), col: hasProgram("col") };
  live(`${name} shows every command, flag, variable, example and code`, needs, async () => {
    const page = sectionsOf(await read(program, ...args), 0);
    assert.doesNotMatch(page.get("DESCRIPTION")!, /\S {2,}\S|\u2010/, "stretched or broken words");
    const commands = sectionsOf(page.get("COMMANDS")!, 3);
    assert.deepEqual([...commands.keys()].slice(1), NAMES);
    for (const command of NAMES) {
      const text = commands.get(command)!;
      const { brief, description, examples, exitCodes } = DOCS[command];
      assert.ok(flowed(text).startsWith(` ${command} ${brief}. ocmem ${command} `), text);
      assert.ok(flowed(text).includes(flowed(description.join(" "))), command);
      assert.ok(flowed(text).includes(`Exit codes: ${flowed(exitCodes.join(" "))}.`), command);
      for (const line of examples) assert.ok(text.includes(` ${line}\n`), line);
      const flags: [string, FlagSpec][] = Object.entries(COMMANDS[command].flags);
      for (const [flag, { placeholder, kind, values = [], standard }] of flags) {
        const only = values.length === 1 ? values[0] : undefined;
        const value = kind === "boolean" ? "" : ` ${placeholder ?? only ?? flag.toUpperCase()}`;
        const shown = new RegExp(
          `^ {7}--(?:\\[no-\\])?${flag}${value}(?: .*)?\n((?: {14}.*\n)*)`,
          "m",
        );
        const [entry] = shown.exec(text) ?? [];
        assert.ok(entry !== undefined, `--${flag} of ${command}`);
        if (standard && kind !== "boolean") {
          assert.ok(flowed(entry).includes(`(${standard}`), entry);
        }
      }
      const { positional } = COMMANDS[command];
      for (const word of positional?.values ?? []) assert.ok(text.includes(word), word);
    }
    const variables = flowed(page.get("ENVIRONMENT")!);
    for (const option of NAMES.flatMap(optionsOf)) {
      assert.ok(variables.includes(` ${variableOf(option[0])} --${option[0]} of `), option[0]);
    }
    for (
      const other of [
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "XDG_CONFIG_HOME",
        "HOME",
      ]
    ) {
      assert.match(variables, new RegExp(` ${other}\\b`));
    }
    const hook = flowed(commands.get("watch")!);
    for (const variable of hookVariables()) {
      assert.match(hook, new RegExp(` ${variable}[,.]`));
    }
    assert.match(page.get("FILES")!, /^ {7}~\/\.config\/ocmem\/config\.jsonc$/m);
    for (const code of [0, 1, 2, 3, 64, 69, 70, 73, 74, 78]) {
      assert.match(page.get("EXIT STATUS")!, new RegExp(`^ {7}${code} `, "m"));
    }
    assert.match(page.get("SEE ALSO")!, /ps\(1\), top\(1\), .*systemd\.timer\(5\)/);
  });
}

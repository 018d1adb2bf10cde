import assert from "node:assert/strict";
import { type ColourChoice, wantsColour } from "../../src/report/colour.ts";
import { pure } from "../support.ts";

type Env = Readonly<Record<string, string>>;

function coloured(choice: ColourChoice, env: Env, terminal: boolean): boolean {
  const stdout = { isTerminal: () => terminal, hasReader: () => true, write: () => true };
  return wantsColour(choice, { env: (name) => env[name], stdout });
}

const CASES: readonly [boolean, ColourChoice, Env, boolean][] = [
  [true, "auto", {}, true],
  [false, "auto", {}, false],
  // Flag before everything.
  [true, "always", { NO_COLOR: "1" }, false],
  [false, "never", { FORCE_COLOR: "1" }, true],
  // NO_COLOR, if not empty, before FORCE_COLOR.
  [false, "auto", { NO_COLOR: "1" }, true],
  [false, "auto", { NO_COLOR: "0" }, true],
  [true, "auto", { NO_COLOR: "" }, true],
  [false, "auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  // FORCE_COLOR or CLICOLOR_FORCE before TERM=dumb and the terminal.
  [true, "auto", { FORCE_COLOR: "1" }, false],
  [true, "auto", { CLICOLOR_FORCE: "1", TERM: "dumb" }, false],
  [false, "auto", { FORCE_COLOR: "0" }, false],
  [false, "auto", { CLICOLOR_FORCE: "" }, false],
  [false, "auto", { TERM: "dumb" }, true],
  [true, "auto", { TERM: "xterm-256color" }, true],
];

for (const [expected, choice, env, terminal] of CASES) {
  pure(`colour ${choice}, ${JSON.stringify(env)}, ${terminal ? "terminal" : "pipe"}`, () => {
    assert.equal(coloured(choice, env, terminal), expected);
  });
}

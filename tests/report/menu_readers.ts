/**
 * Readers of a menu's text as the apps read it: written from their sources, small, and as strict as
 * the strictest of them. Where an app would show something else than what is written, so do they.
 */

import assert from "node:assert/strict";

/** An entry as an app shows it, and what its parameters say. */
export interface Entry {
  readonly text: string;
  readonly depth: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A menu as an app shows it. A separator is an entry `---`. */
export interface Menu {
  readonly title: readonly Entry[];
  readonly entries: readonly Entry[];
}

/** An app. */
export interface App {
  read(output: string): Menu;
  /** The program that it runs, with its arguments, when an entry is chosen. */
  command(entry: Entry): [string, ...string[]];
}

export const APPS: Readonly<Record<string, App>> = {
  /** SwiftBar from 2.0.1: MenuBarItem, MenuItemNode, MenuLineParameters.getParams, quoteIfNeeded. */
  "SwiftBar": {
    read: (output) => readSwiftBar(output, swiftBarParameters),
    command: (entry) =>
      byShell(entry, (value) => {
        if (!/[ \t\n"'`$\\|&;()<>[\]*?{}!^~#%]/.test(value)) return value;
        return `'${value.replaceAll("'", "'\\''")}'`;
      }),
  },
  /** SwiftBar to 2.0.0: a value ends at the first quote of either kind; quotes what has a space. */
  "SwiftBar 1": {
    read: (output) => readSwiftBar(output, oldSwiftBarParameters),
    command: (entry) => byShell(entry, (value) => value.includes(" ") ? `'${value}'` : value),
  },
  /** xbar: pkg/plugins/parse.go, item_params.go, action.go. */
  "xbar": {
    read: readXbar,
    command: ({ parameters }) => [parameters.bash!, ...argumentsOf(parameters)],
  },
  /** Argos: utilities.js, button.js, menuitem.js. */
  "Argos": {
    read: readArgos,
    command: ({ parameters }) => {
      // GLib.shell_quote
      const quoted = argumentsOf(parameters).map((a) => ` '${a.replaceAll("'", "'\\''")}'`);
      return ["bash", "-c", parameters.bash + quoted.join("")];
    },
  },
};

/** What an app puts in the place of a text that means something to it. */
const CHANGED = "⟦changed⟧";

function argumentsOf(parameters: Entry["parameters"]): string[] {
  const found: string[] = [];
  for (let i = 1; parameters[`param${i}`] !== undefined; i++) found.push(parameters[`param${i}`]!);
  return found;
}

/** RunScript.swift, but for `-l`: a login shell would look for programs in a PATH of its own. */
function byShell({ parameters }: Entry, quote: (value: string) => string): [string, ...string[]] {
  const words = [parameters.bash!, ...argumentsOf(parameters).map(quote)];
  return ["/bin/bash", "-c", words.join(" ")];
}

function readSwiftBar(output: string, parse: (text: string) => Entry["parameters"]): Menu {
  // CharacterSet.newlines
  const lines = output.split(/[\n\v\f\r\x85\u2028\u2029]/).filter((line) => line !== "");
  const first = lines.findIndex((line) => line.startsWith("---"));
  assert.equal(lines[first], "---");
  const entries = lines.map((line): Entry => {
    if (line === "---") return { text: line, depth: 0, parameters: {} };
    const [dashes = ""] = /^(?:--)*/.exec(line)!;
    const [text, parameters] = divide(line.slice(dashes.length));
    const shown = text.trim().replace(/\\./g, CHANGED).replace(/:[a-z,.]*:/g, CHANGED);
    return { text: shown, depth: dashes.length / 2, parameters: parse(parameters) };
  });
  return { title: entries.slice(0, first), entries: entries.slice(first + 1) };
}

/** A line's text and its parameters. */
function divide(line: string): [string, string] {
  const at = line.indexOf("|");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

function swiftBarParameters(text: string): Entry["parameters"] {
  const found: Record<string, string> = {};
  const parameter = /\s*([^=]+)=\s*(?:(["'])((?:\\.|(?!\2).)*)\2|(\S*))/gy;
  for (const [, name, , quoted, plain] of text.trim().matchAll(parameter)) {
    found[name!.trim().toLowerCase()] = quoted ?? plain!;
  }
  return found;
}

function oldSwiftBarParameters(text: string): Entry["parameters"] {
  const found: Record<string, string> = {};
  const parameter = /([^=]+)=+(?:["']+([^"']*)["']+|([^ ]*))/gy;
  for (const [, name, quoted, plain] of text.trim().matchAll(parameter)) {
    found[name!.trim().toLowerCase()] = (quoted ?? plain!).trim();
  }
  return found;
}

const XBAR_PARAMETERS = new Set(
  ("disabled key href color font size shell bash templateImage image terminal refresh dropdown " +
    "length trim alternate emojize ansi").split(" "),
);

function readXbar(output: string): Menu {
  const menu = { title: [] as Entry[], entries: [] as Entry[] };
  let place = menu.title;
  let depth = 0;
  for (const line of output.trimEnd().split("\n")) {
    // bufio.MaxScanTokenSize
    assert.ok(new TextEncoder().encode(line).length < 64 * 1024, "too long a line");
    if (line.trim() === "---") {
      if (place === menu.entries) menu.entries.push({ text: "---", depth: 0, parameters: {} });
      place = menu.entries;
      continue;
    }
    const [text, rest] = divide(line);
    while (!text.startsWith("--".repeat(depth))) depth--;
    if (text.startsWith("--".repeat(depth + 1))) depth++;
    const parameters = xbarParameters(rest);
    let shown = text.slice(2 * depth).trim();
    if (parameters.emojize !== "false") shown = shown.replace(/:[\w+-]+:/g, CHANGED);
    // strconv.Unquote
    if (parameters.ansi !== "false") shown = shown.replace(/\\./g, CHANGED);
    place.push({ text: shown, depth, parameters });
  }
  return menu;
}

function xbarParameters(text: string): Entry["parameters"] {
  const found: Record<string, string> = {};
  for (let rest = text.trim(); rest !== "";) {
    const [whole, name = "", , quoted, plain] = /^([^=]*)=(?:(["'])(.*?)\2|(\S*))\s*/.exec(rest) ??
      assert.fail(`malformed parameters: ${rest}`);
    if (!/^param[1-9]\d*$/.test(name)) {
      assert.ok(XBAR_PARAMETERS.has(name), `unknown parameter: ${name}`);
    }
    if (name === "color") assert.match(plain!, /^#(?:[\da-f]{3}){1,2}$/);
    found[name] = quoted ?? plain!;
    rest = rest.slice(whole.length);
  }
  return found;
}

function readArgos(output: string): Menu {
  const entries = output.split("\n").filter((line) => line !== "").map((line): Entry => {
    const [text, rest] = divide(line);
    // A pipe after a backslash is none.
    assert.equal(text.endsWith("\\"), false);
    const depth = Math.floor(/^-*/.exec(text)![0].length / 2);
    const inner = text.slice(2 * depth);
    if (/^-+$/.test(inner.trim())) return { text: "---", depth: 0, parameters: {} };
    const parameters = argosParameters(rest);
    let shown = inner.replace(/\\./g, CHANGED);
    if (parameters.emojize !== "false") shown = shown.replace(/:[\w+-]+:/g, CHANGED);
    if (parameters.useMarkup !== "false") shown = shown.replace(/[<&]/g, CHANGED);
    return { text: shown.trim(), depth, parameters };
  });
  const first = entries.findIndex(({ text }) => text === "---");
  return { title: entries.slice(0, first), entries: entries.slice(first + 1) };
}

/** g_shell_parse_argv of words with no more than single quotes; a `#` at a word's start is a comment. */
function argosParameters(text: string): Entry["parameters"] {
  const words = text.match(/(?:[^\s']|'[^']*')+/g) ?? [];
  assert.equal(words.some((word) => /^#|["\\]/.test(word)), false);
  return Object.fromEntries(words.map((word) => {
    const bare = word.replaceAll("'", "");
    const at = bare.indexOf("=");
    assert.ok(at > 0);
    return [bare.slice(0, at), bare.slice(at + 1)];
  }));
}

/** Which configured MCP server a command line is: OpenCode executes its command as it stands there. */

import type { McpServer } from "./mcp_servers.ts";
import { isOfWrapper, programName, wordsOf } from "./started.ts";

/** What stands for text that OpenCode puts in when it reads its configuration. */
const PLACEHOLDER = /\{(?:env|file):[^}]+\}/;
/** Programs that start scripts: what `#!` names stands before the command then. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...["node", "nodejs", "bun", "deno", "python", "ruby", "perl", "php", "env"],
  ...["sh", "bash", "dash", "zsh", "ksh", "fish"],
]);
/** What npm is started as, and what it calls itself then. */
const NPM_EXEC: readonly (readonly string[])[] = [["npx"], ["npm", "exec"], ["npm", "x"]];
/** Flags of npm that have a value, which its title leaves out too. */
const NPM_VALUES = ["-p", "--package", "-w", "--workspace"];
/** A shell that runs one simple command becomes that command. */
const SIMPLE = /^[\w\s./@:=,+-]+$/;
/** Fewer letters that are sure fit anything. */
const LEAST_LETTERS = 3;

/** How a configured command may show up. */
interface Spelling {
  readonly words: readonly string[];
  /** One that leaves something out counts less. */
  readonly rank: number;
}

/** Tells whose command line it is: of the servers that fit best. */
export class McpMatcher {
  readonly #servers: readonly (McpServer & { readonly spellings: readonly Spelling[] })[];

  constructor(servers: readonly McpServer[]) {
    this.#servers = servers.filter(({ command }) => isTelling(command))
      .map((server) => ({ ...server, spellings: spellingsOf(server.command) }));
  }

  /** The server's name; null if several fit as well; undefined if none does. */
  nameOf(argv: readonly string[]): string | null | undefined {
    const names = new Set<string>();
    let best = 0;
    for (const { name, spellings } of this.#servers) {
      const rank = Math.max(...spellings.map((one) => rankOf(one, argv)));
      if (rank === 0 || rank < best) continue;
      if (rank > best) names.clear();
      best = rank;
      names.add(name);
    }
    if (names.size === 0) return undefined;
    return names.size === 1 ? [...names][0]! : null;
  }
}

/** Whether it says what is run: more than placeholders, flags and `npx`. */
function isTelling(command: readonly string[]): boolean {
  const sure = command.filter((word) => !word.startsWith("-") && !isOfWrapper(word))
    .flatMap((word) => word.split(new RegExp(PLACEHOLDER, "g")));
  return sure.some((piece) => piece.length >= LEAST_LETTERS) || !command.some(hasPlaceholder);
}

function hasPlaceholder(word: string): boolean {
  return PLACEHOLDER.test(word);
}

function spellingsOf(command: readonly string[]): Spelling[] {
  const own = command.some(hasPlaceholder) ? 3 : 4;
  const spellings: Spelling[] = [{ words: command, rank: own }];
  const inner = innerOf(command);
  if (inner !== null) spellings.push({ words: inner, rank: own });
  for (const words of [command, inner ?? []]) {
    const title = titleOf(words);
    if (title !== null) spellings.push({ words: title, rank: 2 });
    // uvx becomes uv.
    if (programName(words[0] ?? "") === "uvx") {
      spellings.push({ words: ["uv", "tool", "uvx", ...words.slice(1)], rank: own });
    }
  }
  return spellings;
}

/** What `env A=b …` and `sh -c '…'` become. */
function innerOf(command: readonly string[]): readonly string[] | null {
  const [program = "", ...args] = command;
  const name = programName(program);
  if (name === "env") {
    const from = args.findIndex((word) => !word.startsWith("-") && !/^\w+=/.test(word));
    return from < 0 ? null : args.slice(from);
  }
  const script = args.at(-1) ?? "";
  const isShell = INTERPRETERS.has(name) && name.endsWith("sh") && /^-[a-z]*c$/.test(args[0] ?? "");
  if (!isShell || args.length !== 2 || !SIMPLE.test(script)) return null;
  return script.trim().replace(/^exec\s+/, "").split(/\s+/);
}

/** What npm calls itself: `npm exec PACKAGE ARGUMENTS`, without its own flags. */
function titleOf(command: readonly string[]): readonly string[] | null {
  const order = NPM_EXEC.find((words) =>
    words.every((word, i) => (i === 0 ? programName(command[0] ?? "") : command[i]) === word)
  );
  if (order === undefined) return null;
  for (let i = order.length; i < command.length; i++) {
    const word = command[i]!;
    if (NPM_VALUES.includes(word)) i++;
    else if (!word.startsWith("-")) return `npm exec ${command.slice(i).join(" ")}`.split(" ");
  }
  return null;
}

/** How well a command line fits; 0: it does not. */
function rankOf({ words, rank }: Spelling, argv: readonly string[]): number {
  const shown = wordsOf(argv);
  if (fits(words, shown)) return shown[0] === words[0] ? rank * 2 : rank * 2 - 1;
  // node --flag /usr/bin/npx …: the command is what comes last.
  const from = shown.length - words.length;
  if (from < 1 || !INTERPRETERS.has(programName(shown[0]!))) return 0;
  const isScript = shown.slice(1, from).every((word) => word.startsWith("-"));
  return isScript && fits(words, shown.slice(from)) ? rank * 2 - 1 : 0;
}

/** The same arguments, and the same program wherever it is. */
function fits(words: readonly string[], shown: readonly string[]): boolean {
  if (words.length !== shown.length) return false;
  const [program = "", own = ""] = [words[0], shown[0]];
  if (!fitsWord(program, own) && programName(program) !== programName(own)) return false;
  return words.every((word, i) => i === 0 || fitsWord(word, shown[i]!));
}

/** The same text; a placeholder is any. */
function fitsWord(word: string, shown: string): boolean {
  if (word === shown) return true;
  const [first = "", ...rest] = word.split(new RegExp(PLACEHOLDER, "g"));
  const last = rest.pop();
  if (last === undefined || !shown.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = shown.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return shown.length - last.length >= at && shown.endsWith(last);
}

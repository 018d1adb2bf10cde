/** The options file: JSON with comments, read strictly. Loaded when there is one. */

import { evaluate, type ObjectNode, parse, type ValueNode } from "@humanwhocodes/momoa";
import leven, { closestMatch } from "leven";
import { quote } from "../commands/flags.ts";
import { LIMIT } from "../commands/values.ts";
import { ConfigError } from "../errors.ts";
import type { Limit } from "../limits.ts";
import { ROLES } from "../types.ts";
import { type CommandName, COMMANDS } from "./command_table.ts";
import { type FlagSpec, optionsOf, readText } from "./settings.ts";

/** A value with what is written, and the line where it stands, the first being 1. */
export interface Found<T = unknown> {
  readonly value: T;
  readonly text: string;
  readonly line: number;
  /** Key, file and line, for messages. */
  readonly place: string;
}

/** Limits of a role; undefined: the general one. */
export interface RoleOptions {
  readonly warning?: Limit;
  readonly critical?: Limit;
}

/** What an options file says. */
export interface OptionsFile {
  /** The value of an option: the command's own, else the one for all. */
  find(command: CommandName, option: string): Found | undefined;
  readonly roles: Readonly<Record<string, RoleOptions>>;
  readonly names: readonly string[];
  readonly patterns: readonly { readonly source: string; readonly place: string }[];
  /** What stands there for these three, by its key. */
  readonly others: readonly {
    readonly key: string;
    readonly text: string;
    readonly line: number;
  }[];
}

/** A text in a list. */
interface Text {
  readonly text: string;
  readonly line: number;
}

/** Commands that have options, with them. */
const SECTIONS: ReadonlyMap<string, ReadonlyMap<string, FlagSpec>> = new Map(
  (Object.keys(COMMANDS) as CommandName[])
    .map((command) => [command, new Map(optionsOf(command))] as const)
    .filter(([, options]) => options.size > 0),
);
/** Every option of any command. */
const OPTIONS: ReadonlyMap<string, FlagSpec> = new Map(
  [...SECTIONS.values()].flatMap((o) => [...o]),
);
/** Keys that are no options. `$schema` tells an editor what the file may hold. */
const OTHERS = ["roles", "names", "patterns", "$schema"];
const ROLE_KEYS = ["warning", "critical"];

/** Understands an options file. Throws a ConfigError that names file, line and key. */
export function parseOptions(path: string, text: string): OptionsFile {
  return new OptionsReader(path).read(text);
}

class OptionsReader {
  readonly #others: { key: string; text: string; line: number }[] = [];

  constructor(readonly path: string) {}

  read(text: string): OptionsFile {
    const options = new Map<string, Found>();
    let roles: Record<string, RoleOptions> = {};
    let [names, patterns]: [Text[], Text[]] = [[], []];
    const known = [...OPTIONS.keys(), ...SECTIONS.keys(), ...OTHERS];
    for (const [key, node] of this.#members(this.#parse(text), "", known)) {
      if (key === "roles") roles = this.#roles(node);
      else if (key === "names") {
        names = this.#texts(node, key, isFileName, "a name without a slash");
      } else if (key === "patterns") {
        patterns = this.#texts(node, key, isText, "a regular expression");
      } else if (key === "$schema") continue;
      else if (SECTIONS.has(key)) this.#section(key, node, options);
      else this.#option(key, OPTIONS.get(key)!, node, options);
    }
    const find = (command: CommandName, option: string) =>
      options.get(`${command}.${option}`) ?? options.get(option);
    const textOf = ({ text }: Text) => text;
    const patternOf = ({ text, line }: Text) => ({
      source: text,
      place: this.#place("patterns", line),
    });
    return {
      find,
      roles,
      names: names.map(textOf),
      patterns: patterns.map(patternOf),
      others: this.#others,
    };
  }

  #parse(text: string): ValueNode {
    try {
      // Some editors begin a file with a byte order mark.
      const plain = text.replace(/^\uFEFF/, "");
      return parse(plain, { mode: "jsonc", allowTrailingCommas: true }).body;
    } catch (error) {
      const { message, line } = error as Error & { line?: number };
      const reason = quote(message.replace(/\.?(?: \(\d+:\d+\))?$/, ""));
      const place = `${this.path}, line ${line ?? 1}`;
      throw new ConfigError(`Cannot read ${place}: ${reason}. Expected JSON, with comments`);
    }
  }

  #section(command: string, node: ValueNode, options: Map<string, Found>): void {
    const flags = SECTIONS.get(command)!;
    for (const [key, value] of this.#members(node, command, [...flags.keys()])) {
      this.#option(`${command}.${key}`, flags.get(key)!, value, options);
    }
  }

  #option(key: string, flag: FlagSpec, node: ValueNode, options: Map<string, Found>): void {
    options.set(key, this.#value(key, flag, node));
  }

  /** A number of bytes or of times may be a JSON number, a switch is true or false, others are texts. */
  #value<T>(key: string, flag: FlagSpec, node: ValueNode): Found<T> {
    const isNumber = node.type === "Number" && Number.isInteger(node.value);
    const isFit = flag.kind === "boolean"
      ? node.type === "Boolean"
      : node.type === "String" || (isNumber && flag.reader?.takesNumbers);
    const text = String(evaluate(node));
    const { value, expects } = readText(flag, text);
    if (!isFit || value === null) throw this.#unfit(key, node, expects);
    const { line } = node.loc.start;
    return { value: value as T, text, line, place: this.#place(key, line) };
  }

  #roles(node: ValueNode): Record<string, RoleOptions> {
    const roles: Record<string, RoleOptions> = {};
    for (const [role, limits] of this.#members(node, "roles", ROLES)) {
      const found: Record<string, Limit> = {};
      for (const [key, value] of this.#members(limits, `roles.${role}`, ROLE_KEYS)) {
        const flag = { kind: "parsed", reader: LIMIT, brief: "" } as const;
        const limit = this.#value<Limit>(`roles.${role}.${key}`, flag, value);
        found[key] = limit.value;
        this.#others.push({ key: `roles.${role}.${key}`, text: limit.text, line: limit.line });
      }
      roles[role] = found;
    }
    return roles;
  }

  /** A list of texts, or one. */
  #texts(node: ValueNode, key: string, fits: (text: string) => boolean, one: string): Text[] {
    const nodes = node.type === "Array" ? node.elements.map((element) => element.value) : [node];
    return nodes.map((element) => {
      if (element.type !== "String" || !fits(element.value)) throw this.#unfit(key, element, one);
      const text = { text: element.value, line: element.loc.start.line };
      this.#others.push({ key, ...text });
      return text;
    });
  }

  /** The members of an object, whose keys must be known, and come once. */
  #members(node: ValueNode, place: string, known: readonly string[]): [string, ValueNode][] {
    if (node.type !== "Object") {
      throw this.#unfit(place, node, `an object: { ${known.slice(0, 3).join(", ")}, … }`);
    }
    const seen = new Set<string>();
    return (node as ObjectNode).members.map(({ name, value }) => {
      const key = name.type === "String" ? name.value : name.name;
      const { line } = name.loc.start;
      const full = place === "" ? key : `${place}.${key}`;
      if (!known.includes(key)) throw this.#error(full, line, unknownKey(key, place, known));
      if (seen.has(key)) throw this.#error(full, line, "it is there twice");
      seen.add(key);
      return [key, value];
    });
  }

  #unfit(key: string, node: ValueNode, expects: string): ConfigError {
    const { line } = node.loc.start;
    const written = quote(JSON.stringify(evaluate(node)));
    if (key !== "") return this.#error(key, line, `expected ${expects}, not ${written}`);
    return new ConfigError(`Cannot use ${this.path}, line ${line}: expected ${expects}`);
  }

  #error(key: string, line: number, reason: string): ConfigError {
    return new ConfigError(`Cannot use ${this.#place(quote(key), line)}: ${reason}`);
  }

  #place(key: string, line: number): string {
    return `"${key}" in ${this.path}, line ${line}`;
  }
}

/** More edits than these make it another word. */
const MOST_EDITS = 4;

function unknownKey(key: string, place: string, known: readonly string[]): string {
  const found = closestMatch(key, [...known], { maxDistance: MOST_EDITS });
  // Where more than half of the letters would have to change, it is no slip of the fingers.
  const isNear = found !== undefined && leven(key, found) * 2 <= Math.max(key.length, found.length);
  const nearest = isNear ? found : undefined;
  const where = SECTIONS.has(place) ? ` of ${place}` : "";
  const help = nearest === undefined
    ? `There are ${known.join(", ")}`
    : `Did you mean "${nearest}"?`;
  return `there is no such key${where}. ${help}`;
}

function isText(text: string): boolean {
  return text.trim() !== "";
}

/** What is the name of a file, and can be told from a path. */
function isFileName(text: string): boolean {
  // deno-lint-ignore no-control-regex -- the one character that no name can hold, beside the slash
  return /^[^/\x00]{1,255}$/.test(text) && text !== "." && text !== "..";
}

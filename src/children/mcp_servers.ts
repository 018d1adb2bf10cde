/** Local MCP servers in OpenCode's configuration: which files have them, in which order, and what they say. */

import { type ObjectNode, parse, type ValueNode } from "@humanwhocodes/momoa";

/** A server that OpenCode is told to start. Of its environment nothing is kept. */
export interface McpServer {
  readonly name: string;
  readonly command: readonly string[];
}

/** What a file says of each server: its command, or null if it is a remote one. */
export type Said = ReadonlyMap<string, readonly string[] | null>;

/** Files of OpenCode's own folder, those that count more last. */
export function globalFiles(folder: string): string[] {
  return ["config.json", "opencode.json", "opencode.jsonc"].map((name) => `${folder}/${name}`);
}

/**
 * Files of a project, those that count more last: those of the folders themselves, the nearest last;
 * then those in their folders `.opencode`, the nearest first, and the one in the user's home.
 */
export function projectFiles(folders: readonly string[], home: string | null): string[] {
  const both = (folder: string) => [`${folder}/opencode.json`, `${folder}/opencode.jsonc`];
  const plain = folders.map((folder) => folder === "/" ? "" : folder);
  const hidden = home === null ? plain : [...plain, home];
  return [
    ...plain.toReversed().flatMap(both),
    ...new Set(hidden.flatMap((folder) => both(`${folder}/.opencode`))),
  ];
}

/** A folder and all above it, the nearest first. */
export function foldersAbove(directory: string): string[] {
  const folders: string[] = [];
  let at = directory.replace(/\/+$/, "");
  while (at !== "") {
    folders.push(at);
    at = at.slice(0, at.lastIndexOf("/"));
  }
  return [...folders, "/"];
}

/** What a file says, or why it can't be understood, as a part of a sentence. */
export function readServers(text: string): Said | string {
  let root: ValueNode;
  try {
    const plain = text.replace(/^\uFEFF/, "");
    root = parse(plain, { mode: "jsonc", allowTrailingCommas: true }).body;
  } catch (error) {
    // Its own words are left out: there are keys of others in such a file.
    const { line } = error as { line?: number };
    if (error instanceof RangeError) return "it is nested too deeply";
    return `it is no JSON with comments${line === undefined ? "" : ` (line ${line})`}`;
  }
  const said = new Map<string, readonly string[] | null>();
  for (const [name, node] of membersOf(membersOf(root).get("mcp"))) {
    const members = membersOf(node);
    const [type, command] = [textOf(members.get("type")), textsOf(members.get("command"))];
    if (type === "remote") said.set(name, null);
    else if (command !== null) said.set(name, command);
  }
  return said;
}

/** The servers that there are after all files have had their say. */
export function mergeServers(all: readonly Said[]): McpServer[] {
  const merged = new Map<string, readonly string[]>();
  for (const said of all) {
    for (const [name, command] of said) {
      if (command === null) merged.delete(name);
      else merged.set(name, command);
    }
  }
  return [...merged].map(([name, command]) => ({ name, command }));
}

/** The members of an object by their names; none if it is none. */
function membersOf(node: ValueNode | undefined): Map<string, ValueNode> {
  if (node?.type !== "Object") return new Map();
  return new Map(
    (node as ObjectNode).members.map(({ name, value }) => [
      name.type === "String" ? name.value : name.name,
      value,
    ]),
  );
}

function textOf(node: ValueNode | undefined): string | null {
  return node?.type === "String" ? node.value : null;
}

/** A list of texts that is not empty. */
function textsOf(node: ValueNode | undefined): string[] | null {
  if (node?.type !== "Array" || node.elements.length === 0) return null;
  const texts = node.elements.map(({ value }) => textOf(value));
  return texts.every((text) => text !== null) ? texts : null;
}

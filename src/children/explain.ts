/** What the processes around a session are for, by how they were started and by their place. */

import type { PurposeKind } from "../detail.ts";
import type { Instance, Member, Role, Sample } from "../types.ts";
import { formatterOf } from "./formatters.ts";
import { languageServerOf } from "./language_servers.ts";
import { McpMatcher } from "./mcp_match.ts";
import type { McpServer } from "./mcp_servers.ts";
import { shellOf } from "./shell.ts";
import { programName, startedBy, wordsOf } from "./started.ts";

/** What a child of a session is for. Its texts are as the process has them. */
export interface Child {
  readonly kind: PurposeKind;
  /** Of an MCP server: as the configuration calls it. Of others: what is usually said. null: not known. */
  readonly name: string | null;
  readonly language: string | null;
  /** How it was started; of the shell of a tool, what it was told to run alone. null: not known. */
  readonly argv: readonly string[] | null;
  /** The same for those that are for the same. */
  readonly group: string;
}

export interface ChildGroup {
  /** The oldest of them. */
  readonly child: Child;
  readonly count: number;
  /** Of them and of all below them that could be read; null if none could. */
  readonly footprintBytes: number | null;
}

export interface Explained {
  /** By pid: children of the session, and what is below them. */
  readonly children: ReadonlyMap<number, Child>;
  /** The most first. */
  readonly groups: readonly ChildGroup[];
}

/** Roles of instances that are no session with children around it. */
const STRANGERS: ReadonlySet<Role> = new Set<Role>(["match", "pid", "zombie", "launcher"]);

/** Says by itself that it is an MCP server. */
const LIKE_MCP = /(?<![a-z])mcp|mcp(?![a-z])|modelcontextprotocol/i;
const GIT = /^git(?:-[\w-]+)?$/;

/**
 * Explains an instance, whose samples are in the order of its members. `servers`: those that OpenCode
 * may start there.
 */
export function explain(
  { main, members }: Instance,
  samples: readonly Sample[],
  servers: readonly McpServer[],
): Explained {
  const children = new Map<number, Child>();
  const groups = new Map<string, { -readonly [K in keyof ChildGroup]: ChildGroup[K] }>();
  const matcher = new McpMatcher(servers);
  // A child whose session has ended is all there is of its instance.
  const isLeft = main.role === "orphan";
  const childDepth = isLeft ? main.depth : main.depth + 1;
  const begin = STRANGERS.has(main.role) ? members.length : members.indexOf(main);
  let child: Child | null = null;
  for (let i = begin; i < members.length; i++) {
    const member = members[i]!;
    if (i > begin && member.depth <= main.depth) break;
    if (member.depth < childDepth) continue;
    const isChild = member.depth === childDepth;
    const sample = samples[i];
    const missing = sample && "missing" in sample ? sample.missing : null;
    if (isChild) child = member.role === "zombie" ? null : childOf(member, matcher);
    if (child === null || missing === "gone" || member.role === "zombie") continue;
    children.set(member.info.key.pid, child);
    const group = groups.get(child.group) ?? { child, count: 0, footprintBytes: null };
    groups.set(child.group, group);
    if (isChild) group.count++;
    if (sample && "reading" in sample) {
      group.footprintBytes = (group.footprintBytes ?? 0) + sample.reading.footprintBytes;
    }
  }
  const counted = [...groups.values()].filter(({ count }) => count > 0);
  return {
    children,
    groups: counted.sort((a, b) => (b.footprintBytes ?? -1) - (a.footprintBytes ?? -1)),
  };
}

function childOf({ role, info, executable, commandLine }: Member, matcher: McpMatcher): Child {
  const argv = commandLine?.length ? wordsOf(commandLine) : null;
  const isHelper = role === "helper";
  const started = startedBy(argv ?? [executable ?? info.name], isHelper);
  const { names, what } = started;
  // Which program it is makes them the same: ports and temporary files differ from copy to copy.
  const make = (kind: PurposeKind, name: string | null, same = name ?? what): Child => {
    return { kind, name, language: null, argv, group: `${kind}\0${same}` };
  };
  const configured = argv === null ? undefined : matcher.nameOf(argv);
  if (configured !== undefined) return make("mcp", configured);
  const server = languageServerOf(started, argv ?? []);
  if (server !== null) return { ...make("lsp", server.name), language: server.language };
  if (names.some((name) => LIKE_MCP.test(name))) return make("mcp", null);
  const formatter = formatterOf(started);
  if (formatter !== null) return make("formatter", formatter);
  if (names.some((name) => GIT.test(name))) return make("git", "git");
  const shell = argv === null ? null : shellOf(argv);
  if (shell !== null) {
    const { command } = shell;
    const same = make("shell", programName(argv![0]!), command ?? "");
    return { ...same, argv: command === null ? null : [command] };
  }
  return make(isHelper ? "runtime" : "other", names[0] || null, what);
}

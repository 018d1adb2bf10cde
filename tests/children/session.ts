/** A session with children, as the room that explains them gets it. */

import type { Explained } from "../../src/children/explain.ts";
import { explain } from "../../src/children/explain.ts";
import type { McpServer } from "../../src/children/mcp_servers.ts";
import type { Instance, Member, Role, Sample } from "../../src/types.ts";
import { MIB, NOW_MS, reading } from "../fake.ts";

/** A process below the session. */
export interface Sketch {
  readonly argv: readonly string[] | null;
  /** 1: a child of the session. */
  readonly depth?: number;
  readonly role?: Role;
  readonly name?: string;
  readonly executable?: string | null;
  /** MiB; null: it could not be read. */
  readonly memory?: number | null;
  readonly gone?: boolean;
}

/** An instance of these processes below its main one; pids count up from 101. */
export function instanceOf(
  below: readonly Sketch[],
  role: Role = "tui",
): { instance: Instance; samples: Sample[] } {
  const main: Sketch = { argv: ["opencode"], depth: 0, role, name: "opencode" };
  const all = [main, ...below];
  const members = all.map((sketch, i): Member => ({
    info: {
      key: { pid: 100 + i, started: "s" },
      ppid: 1,
      name: sketch.name ?? "x",
      uid: 1,
      startedAtMs: NOW_MS,
      zombie: sketch.role === "zombie",
    },
    role: sketch.role ?? "child",
    matchedBy: "enumeration",
    depth: sketch.depth ?? 1,
    executable: sketch.executable ?? null,
    commandLine: sketch.argv,
  }));
  const samples = all.map(({ memory = 1, gone, role }, i): Sample => {
    const { key } = members[i]!.info;
    if (gone) return { key, atMs: NOW_MS, missing: "gone" };
    if (role === "zombie") return { key, atMs: NOW_MS, missing: "zombie" };
    if (memory === null) return { key, atMs: NOW_MS, missing: "denied" };
    return { key, atMs: NOW_MS, reading: reading(memory * MIB) };
  });
  const instance = { id: "100-s", main: members[0]!, directory: "/w", members };
  return { instance, samples };
}

export function explained(
  below: readonly Sketch[],
  servers: readonly McpServer[] = [],
  role: Role = "tui",
): Explained {
  const { instance, samples } = instanceOf(below, role);
  return explain(instance, samples, servers);
}

/** What one child is for: kind, name, and its language or what it was told to run. */
export function purpose(
  argv: readonly string[] | null,
  rest: Partial<Sketch> = {},
  servers: readonly McpServer[] = [],
): string {
  const child = explained([{ argv, ...rest }], servers).children.get(101);
  if (!child) return "nothing";
  const { kind, name, language, argv: shown } = child;
  return [kind, name ?? "-", language ?? (kind === "shell" ? shown?.join(" ") : null)]
    .filter((word) => word).join(" ");
}

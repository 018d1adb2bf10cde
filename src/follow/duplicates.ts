/** Helpers that one instance runs many times: MCP and LSP servers that were started again and again. */

import type { Looked } from "../look.ts";

/** A command that several direct children of an instance run. */
export interface Copies {
  readonly command: readonly string[];
  readonly count: number;
  /** Of the copies and of all below them. */
  readonly footprintBytes: number;
}

/** The commands that direct children of the session run, with how many run each. */
export function copiesIn({ instance, samples }: Looked): Copies[] {
  const { main, members } = instance;
  const groups = new Map<string, { -readonly [K in keyof Copies]: Copies[K] }>();
  let group: { -readonly [K in keyof Copies]: Copies[K] } | null = null;
  // In tree order: what follows deeper belongs to the one before.
  for (let i = members.indexOf(main) + 1; i < members.length; i++) {
    const { role, depth, commandLine } = members[i]!;
    if (depth <= main.depth) break;
    const isDirect = depth === main.depth + 1;
    if (isDirect) group = null;
    const isChild = isDirect && (role === "child" || role === "helper");
    if (isChild && commandLine !== null && commandLine.length > 0) {
      const name = commandLine.join("\0");
      group = groups.get(name) ?? { command: commandLine, count: 0, footprintBytes: 0 };
      groups.set(name, group);
      group.count++;
    }
    const sample = samples[i]!;
    if (group && "reading" in sample) group.footprintBytes += sample.reading.footprintBytes;
  }
  return [...groups.values()];
}

/** Which copies were told of, by instance and command. */
export class Told {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #least: number;

  /** Copies count from `least` on; 0: never. */
  constructor(least: number) {
    this.#least = least;
  }

  /** Those of these that are news: the first time they are that many, and each time they have doubled. */
  news(instanceId: string, copies: readonly Copies[]): Copies[] {
    if (this.#least === 0) return [];
    const before = this.#counts.get(instanceId);
    const now = new Map<string, number>();
    const news: Copies[] = [];
    for (const one of copies) {
      const name = one.command.join("\0");
      const told = before?.get(name) ?? 0;
      if (told === 0 && one.count < this.#least) continue;
      const isNew = one.count >= Math.max(this.#least, 2 * told);
      if (isNew) news.push(one);
      // Where half have ended, as many again are news again.
      now.set(name, isNew || one.count * 2 <= told ? one.count : told);
    }
    if (now.size > 0) this.#counts.set(instanceId, now);
    else this.#counts.delete(instanceId);
    return news;
  }

  forget(instanceId: string): void {
    this.#counts.delete(instanceId);
  }
}

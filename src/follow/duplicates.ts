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
  for (const [i, { role, depth, commandLine }] of members.entries()) {
    const isChild = role === "child" || role === "helper";
    // In tree order: what follows deeper belongs to the one before.
    if (depth <= main.depth + 1) group = null;
    if (isChild && depth === main.depth + 1 && commandLine !== null && commandLine.length > 0) {
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
      if (one.count < this.#least) continue;
      const name = one.command.join("\0");
      const told = before?.get(name);
      const isNew = told === undefined || one.count >= 2 * told;
      if (isNew) news.push(one);
      // Where most have ended, as many again are news again.
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

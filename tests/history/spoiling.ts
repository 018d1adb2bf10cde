/** Files that are no history, or no whole one. */

import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../src/history/open.ts";
import { looked, seen } from "../follow/looks.ts";
import { MINUTE, Scribe, WORLD } from "./recording.ts";

/** A history of so many looks as a file, closed: all is in it, nothing beside it. */
export async function historyFile(path: string, looks = 500): Promise<void> {
  using history = await openHistory(WORLD, { kind: "file", path });
  const scribe = new Scribe(history);
  const children = Array.from({ length: 8 }, (_, i) => seen(11 + i, i));
  for (let i = 0; i < looks; i++) scribe.look(i * MINUTE, looked([seen(10, i), ...children]));
}

/** What each file is, and what is said of it. */
export interface Spoiled {
  readonly make: (path: string) => Promise<void> | void;
  readonly said: RegExp;
}

const DAMAGED = /malformed.*\. Nothing in it was changed\. Move it away/;
const FOREIGN = /Nothing in it was changed\. --database names another file/;

function rewrite(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
  Deno.writeFileSync(path, change(Deno.readFileSync(path)));
}

function database(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

export const SPOILED: Readonly<Record<string, Spoiled>> = {
  "random bytes in the middle": {
    make: async (path) => {
      await historyFile(path);
      rewrite(path, (bytes) => {
        const from = Math.floor(bytes.length / 2);
        for (let i = 0; i < 5000; i++) bytes[from + i] = (i * 7919 + 13) % 251;
        return bytes;
      });
    },
    said: DAMAGED,
  },
  "cut off in the middle": {
    make: async (path) => {
      await historyFile(path);
      rewrite(path, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 8192) * 4096));
    },
    said: DAMAGED,
  },
  "cut off within a page": {
    make: async (path) => {
      await historyFile(path);
      rewrite(path, (bytes) => bytes.subarray(0, bytes.length - 1000));
    },
    said: DAMAGED,
  },
  "cut off within the first page": {
    make: async (path) => {
      await historyFile(path);
      rewrite(path, (bytes) => bytes.subarray(0, 100));
    },
    said: /(?:not a database|malformed).*Nothing in it was changed/,
  },
  "a first page that is gone": {
    make: async (path) => {
      await historyFile(path);
      rewrite(path, (bytes) => bytes.fill(0, 0, 4096));
    },
    said: /not a database.*Nothing in it was changed/,
  },
  "a text": {
    make: (path) => Deno.writeTextFileSync(path, "Dear diary,\n".repeat(1000)),
    said: FOREIGN,
  },
  "a database of another program": {
    make: (path) => database(path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)"),
    said: FOREIGN,
  },
  "a history of a newer version": {
    make: async (path) => {
      await historyFile(path);
      database(path, "PRAGMA user_version = 99; CREATE TABLE news (a)");
    },
    said: /a newer ocmem wrote it .*\. Update ocmem/,
  },
  "a folder": { make: (path) => Deno.mkdirSync(path), said: /it is no plain file\. Nothing/ },
  "a link that leads nowhere": {
    make: (path) => Deno.symlinkSync("/nonexistent/nothing", path),
    said: /it is a link that leads nowhere\. Nothing/,
  },
  "a link to a device": {
    make: (path) => Deno.symlinkSync("/dev/null", path),
    said: /it is no plain file\. Nothing/,
  },
};

/** What a name in a folder stands for: the bytes of a file, or what else it is. */
export async function traceOf(path: string): Promise<string> {
  const { isFile, isSymlink, isDirectory } = Deno.lstatSync(path);
  if (isSymlink) return `link to ${Deno.readLinkSync(path)}`;
  if (isDirectory) return `folder of ${[...Deno.readDirSync(path)].length}`;
  if (!isFile) return "something else";
  const hash = await crypto.subtle.digest("SHA-256", Deno.readFileSync(path));
  return new Uint8Array(hash).toHex();
}

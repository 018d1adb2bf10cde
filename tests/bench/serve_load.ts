/**
 * The real `ocmem serve` with a day of history, asked by many at once, for bench.ts:
 * `serve_load.ts [READERS SECONDS]`. Prints one line of JSON, a `Loaded`. Of five readers one follows the
 * events; the others ask without a pause, each for one of the four other addresses.
 */

import { openProbe } from "../../src/ffi/open.ts";
import type { Probe } from "../../src/types.ts";
import { documented } from "../live/program.ts";
import { eventsIn } from "../serve/event_source.ts";
import { ROOT, temporaryFolder } from "../support.ts";
import { record } from "./history_record.ts";
import { quartiles } from "./statistics.ts";

/** What one address took: requests that were answered, and milliseconds. */
export interface Asked {
  readonly requests: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Loaded {
  readonly readers: number;
  readonly seconds: number;
  readonly requests: number;
  /** What went wrong, each with how often. */
  readonly errors: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly addresses: Readonly<Record<string, Asked>>;
  /** Streams that were followed, and the looks that the one with the fewest got. */
  readonly streams: number;
  readonly looks: number;
  /** Footprints of the server: before anybody asked; medians from 5 to 10 s after, and of the last 5 s. */
  readonly idleBytes: number;
  readonly firstBytes: number;
  readonly lastBytes: number;
  readonly cpuSeconds: number | null;
}

const ADDRESSES = ["/", "/api/report", "/api/history", "/metrics"] as const;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SAMPLE_MS = 250;
/** Readings of the server's memory that a median is of: it goes up and down with what is collected. */
const SAMPLES = 20;

/** What the readers have seen. */
class Tally {
  readonly ms = new Map<string, number[]>(ADDRESSES.map((path) => [path, []]));
  readonly bytes = new Map<string, number>();
  readonly errors: Record<string, number> = {};
  readonly looks: number[] = [];

  wrong(what: string): void {
    this.errors[what] = (this.errors[what] ?? 0) + 1;
  }
}

/** Asks for one address again and again. */
async function ask(url: string, path: string, isOver: () => boolean, tally: Tally): Promise<void> {
  while (!isOver()) {
    const begin = performance.now();
    try {
      const response = await fetch(url + path);
      const text = await response.text();
      tally.ms.get(path)!.push(performance.now() - begin);
      tally.bytes.set(path, text.length);
      if (response.status !== 200) tally.wrong(`${path}: ${response.status}`);
      else if (!ENDINGS[path]!.test(text.slice(-20))) tally.wrong(`${path}: not whole`);
    } catch (error) {
      tally.wrong(`${path}: ${error}`);
    }
  }
}

const ENDINGS: Readonly<Record<string, RegExp>> = {
  "/": /<\/html>\n$/,
  "/api/report": /\n}\n$/,
  "/api/history": /}\n$/,
  "/metrics": / \d+\n$/,
};

/** Follows the events to the end. */
async function follow(url: string, over: AbortSignal, tally: Tally): Promise<void> {
  let heard = "";
  try {
    const response = await fetch(`${url}/events`, { signal: over });
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) heard += text;
    tally.wrong("/events: it ended");
  } catch (error) {
    if (!over.aborted) tally.wrong(`/events: ${error}`);
  }
  const looks = eventsIn(heard).filter(({ type }) => type === "look");
  for (const { data } of looks) JSON.parse(data);
  tally.looks.push(looks.length);
}

async function load(readers: number, seconds: number): Promise<Loaded> {
  using folder = temporaryFolder();
  const path = `${folder.path}/history.db`;
  const beginMs = Date.now() - DAY_MS;
  const looks = Math.floor(DAY_MS / MINUTE_MS);
  await record({ path, beginMs, looks, instances: 4, childrenADay: 200 });
  await using server = startServer(path);
  const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const [, url = ""] = /(http:.*)\/\n/.exec((await output.read()).value!)!;
  using probe = openProbe();
  const tally = new Tally();
  const idleBytes = footprintOf(probe, server.pid);
  const over = new AbortController();
  const all = Array.from({ length: readers }, (_, i) => {
    const path = ADDRESSES[i % (ADDRESSES.length + 1)];
    return path === undefined
      ? follow(url, over.signal, tally)
      : ask(url, path, () => over.signal.aborted, tally);
  });
  const footprints: number[] = [];
  for (let i = 0; i < seconds * 1000 / SAMPLE_MS; i++) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    footprints.push(footprintOf(probe, server.pid));
  }
  over.abort();
  await Promise.all(all);
  const cpuSeconds = cpuSecondsOf(server.pid);
  server.kill("SIGTERM");
  if ((await server.status).code !== 0) tally.wrong("the server did not end well");
  await output.cancel();
  const medianOf = (from: number, to?: number) => quartiles(footprints.slice(from, to)).median;
  const times = [...tally.ms.values()].flat();
  return {
    ...{ readers, seconds, requests: times.length, errors: tally.errors, ...percentiles(times) },
    addresses: Object.fromEntries(ADDRESSES.map((path) => {
      const ms = tally.ms.get(path)!;
      const bytes = tally.bytes.get(path) ?? 0;
      return [path, { requests: ms.length, bytes, ...percentiles(ms) }];
    })),
    ...{ streams: tally.looks.length, looks: Math.min(...tally.looks), idleBytes },
    ...{ firstBytes: medianOf(SAMPLES, 2 * SAMPLES), lastBytes: medianOf(-SAMPLES), cpuSeconds },
  };
}

/** With the flags that are documented; it watches this process. */
function startServer(database: string): Deno.ChildProcess {
  const [program, ...words] = documented();
  const own = ["--listen", "127.0.0.1:0", "--interval", "1s", "--database", database];
  return new Deno.Command(program, {
    args: [...words, "serve", ...own, "--pid", String(Deno.pid)],
    cwd: ROOT,
    env: { XDG_CONFIG_HOME: "/nonexistent" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

function footprintOf(probe: Probe, pid: number): number {
  const process = probe.processTable().get(pid);
  const reading = process ? probe.memory(process, { exact: false }) : "gone";
  if (typeof reading === "string") throw new Error(`Cannot read the server's memory: ${reading}`);
  return reading.footprintBytes;
}

/** CPU time of a Linux process so far: ticks of user and system time, a hundredth of a second each. */
function cpuSecondsOf(pid: number): number | null {
  if (Deno.build.os !== "linux") return null;
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function percentiles(ms: readonly number[]): { p50Ms: number; p99Ms: number } {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.floor(sorted.length * share)] ?? NaN) * 10) / 10;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

const [readers = "200", seconds = "30"] = Deno.args;
const loaded = await load(Number(readers), Number(seconds));
Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(loaded)}\n`));

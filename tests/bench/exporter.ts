/**
 * process-exporter (Debian's prometheus-process-exporter), asked as Prometheus does. It runs
 * all the time, so that a scrape by curl is what is measured, and its own memory.
 */

import { programPath } from "../support.ts";
import { type Contender, type Skipped, tried } from "./contender.ts";
import { Partner } from "./native.ts";

const NAME = "process-exporter, a scrape (memory: the exporter's)";
const PROGRAMS = ["prometheus-process-exporter", "process-exporter"];
/** Every process, in a group with those of its name. */
const CONFIG = `process_names:
  - name: "{{.Comm}}"
    cmdline: [".+"]
`;
/** Runs what it is told to until its input ends, however whoever holds that has ended. */
const HOLDER = '"$@" </dev/null >/dev/null 2>&1 & echo $!; read -r _; kill $!; wait';
const PATIENCE_MS = 10_000;
const BETWEEN_MS = 20;

/** Starts it; it ends with `stack`. */
export async function exporter(
  folder: string,
  stack: AsyncDisposableStack,
): Promise<Contender | Skipped> {
  const program = PROGRAMS.find((name) => programPath(name) !== null);
  if (program === undefined) return { name: NAME, skipped: `no ${PROGRAMS[0]}` };
  const config = `${folder}/process-exporter.yml`;
  Deno.writeTextFileSync(config, CONFIG);
  const address = `127.0.0.1:${freePort()}`;
  const args = ["-config.path", config, "-web.listen-address", address];
  const holder = stack.use(new Partner("/bin/sh", ["-c", HOLDER, "sh", program, ...args]));
  const memoryOf = Number(await holder.line());
  const url = `http://${address}/metrics`;
  if (!await answers(url)) return { name: NAME, skipped: `no answer in ${PATIENCE_MS / 1000} s` };
  return tried({ name: NAME, command: ["curl", "-fsS", url], memoryOf });
}

/** True as soon as there is an answer. */
async function answers(url: string): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const response = await fetch(url).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  return false;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

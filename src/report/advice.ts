/** What to do about an instance that is over a limit: the most useful first, each in a sentence. */

import type { Advice } from "../detail.ts";
import type { Role } from "../types.ts";
import { largestCopies, shareOf } from "./copies.ts";
import { sayPurpose } from "./purpose_words.ts";
import type { Report, ReportInstance, ReportProcess } from "./report.ts";
import { isAttached, mainOf, resumeCommand } from "./resume.ts";
import { adviceOnSnapshot } from "./snapshot.ts";
import { cut } from "./table.ts";
import { formatBytes } from "./units.ts";

/** Who holds this share of an instance is what its total is over the limit for. */
const MOST_OF_IT = 0.5;
const MOST_NAME = 40;
/** Sessions that `ocmem stop` ends with all that is below them, and that nothing else looks after. */
const ENDED_WITH_ALL: ReadonlySet<Role> = new Set(["tui", "server", "acp", "run", "cli"]);
/** Names that are written down in JSON as they are, and that the Report has not changed. */
const PLAIN_NAME = /^[\w.@/ -]+$/;

/** The Report with what to do about each of its instances that is over a limit. */
export function withAdvice(report: Report): Report {
  const instances = report.instances.map((one) => ({ ...one, advice: adviceFor(one) }));
  return { ...report, instances };
}

/** null: it is not over a limit. */
export function adviceFor(instance: ReportInstance): readonly Advice[] | null {
  const { level, because, role } = instance;
  if (because === null || (level !== "warning" && level !== "critical")) return null;
  const main = mainOf(instance);
  const over = because.kind === "process"
    ? instance.processes.find(({ pid }) => pid === because.pid)
    : heavyHelper(instance, main) ?? main;
  if (over === undefined) return null;
  const last = show(over.pid);
  if (role === "orphan") return [onOrphan(over), last];
  if (isHelper(over)) return [onHelper(over, main), ...onCopies(instance, main), last];
  if (main === undefined) return [last];
  const own = [...onSession(instance, main), ...adviceOnSnapshot(instance, main)];
  const [copies] = onCopies(instance, main);
  if (copies === undefined) return [...own, last];
  return holdMost(instance) ? [copies, ...own, last] : [...own, copies, last];
}

function isHelper({ role }: ReportProcess): boolean {
  return role === "child" || role === "helper";
}

/** The process around a session that makes most of its total, or undefined. */
function heavyHelper(
  instance: ReportInstance,
  main: ReportProcess | undefined,
): ReportProcess | undefined {
  return instance.processes.find((process) =>
    process !== main && isHelper(process) &&
    shareOf(process.reading?.footprintBytes ?? null, instance) >= MOST_OF_IT
  );
}

/** What becomes of a session when its process is ended, by what it is. */
function onSession(instance: ReportInstance, main: ReportProcess): Advice[] {
  const stop = `ocmem stop ${main.pid}`;
  const ending = (text: string): Advice[] => [{ kind: "stop", text, command: stop }];
  const isClient = main.role === "attach" || isAttached(main);
  if (isClient) {
    return ending("It shows a session of a server, which goes on; end it and attach anew");
  }
  switch (main.role) {
    case "tui":
    case "run":
      return [onResuming(instance, main, stop)];
    case "server":
      return ending("Its sessions are kept; end it, start it as before and connect again");
    case "acp":
      return ending("Its sessions are kept; end it and start the agent again in its editor");
    case "desktop":
      return [{
        kind: "stop",
        text: "Its sessions are kept; quit the desktop app that it belongs to, and open it again",
        command: null,
      }];
    case "cli":
      return ending("It is no session; end it unless it still has something to do");
    default:
      return [];
  }
}

/** A session is in OpenCode's database: what is lost with the process is what it is doing. */
function onResuming(instance: ReportInstance, main: ReportProcess, stop: string): Advice {
  const isBusy = main.role === "run" || (instance.sessions ?? []).some(({ busy }) => busy);
  const command = resumeCommand(instance);
  const when = isBusy ? "It is at work; when that is done, end it" : "Its session is kept; end it";
  const then = command === null
    ? "start OpenCode there and choose it with /sessions"
    : "go on with it";
  return { kind: "resume", text: `${when} (${stop}) and ${then}`, command };
}

function onHelper(over: ReportProcess, main: ReportProcess | undefined): Advice {
  const of = main === undefined || main === over
    ? "a session"
    : `process ${main.pid}, not the session,`;
  const off = over.purpose?.kind === "mcp" ? sayOff(over.purpose.name) : "";
  return {
    kind: "stop",
    text: `It is ${sayHelper(over)} of ${of} and can be ended alone${off}`,
    command: `ocmem stop ${over.pid}`,
  };
}

function sayHelper({ name, purpose }: ReportProcess): string {
  if (purpose === null || purpose.kind === "other") return `helper "${cut(name, MOST_NAME)}"`;
  const command = purpose.command === null ? "" : ` (${cut(purpose.command, MOST_NAME)})`;
  return sayPurpose(purpose) + command;
}

function onOrphan(over: ReportProcess): Advice {
  return {
    kind: "stop",
    text: "The OpenCode that started it has ended; end it, too, unless you use it",
    command: `ocmem stop ${over.pid}`,
  };
}

function onCopies(instance: ReportInstance, main: ReportProcess | undefined): Advice[] {
  const copies = largestCopies(instance);
  if (copies === null) return [];
  const { count, what, footprintBytes, mcpName } = copies;
  const bytes = footprintBytes === null ? "run" : `hold ${formatBytes(footprintBytes)}`;
  const isSession = main !== undefined && ENDED_WITH_ALL.has(main.role);
  const end = isSession ? `: ocmem stop ${main.pid} ends them with their session` : "";
  return [{
    kind: "copies",
    text: `${count} copies of ${what} ${bytes}${end}${sayOff(mcpName)}`,
    command: null,
  }];
}

function holdMost(instance: ReportInstance): boolean {
  const copies = largestCopies(instance);
  return copies !== null && shareOf(copies.footprintBytes, instance) >= MOST_OF_IT;
}

/** How OpenCode is told to leave an MCP server out (its configuration's schema, 1.18). */
function sayOff(name: string | null): string {
  if (name === null || !PLAIN_NAME.test(name)) return "";
  return `; "mcp": {"${name}": {"enabled": false}} in opencode.json leaves it out`;
}

function show(pid: number): Advice {
  return { kind: "show", text: "All about it", command: `ocmem show ${pid}` };
}

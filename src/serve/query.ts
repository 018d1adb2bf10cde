/** What part of the past a query asks for. */

import { type Moment, MOMENT_FORMS, parseMoment, spanOf } from "../moments.ts";
import type { PastQuery } from "../report/history.ts";
import { type Role, ROLES } from "../types.ts";

const DAY_MS = 86_400_000;
const LARGEST_PID = 2 ** 31 - 1;
/** Of one parameter. */
const MOST_VALUES = 32;
const NAMES = ["since", "until", "pid", "role", "project"] as const;
const ONCE: readonly string[] = ["since", "until"];

/** The last 24 hours of all. */
export function lastDay(nowMs: number): PastQuery {
  return { sinceMs: nowMs - DAY_MS, untilMs: nowMs, pids: [], roles: [], projects: [] };
}

/** What a query asks for, or a sentence that names the parameter which makes no sense. */
export function parseQuery(query: string, nowMs: number): PastQuery | string {
  const given = new URLSearchParams(query);
  for (const name of new Set(given.keys())) {
    if (!NAMES.some((one) => one === name)) {
      return `Cannot use the parameter ${quoted(name)}: there are ${NAMES.join(", ")}`;
    }
    const most = ONCE.includes(name) ? 1 : MOST_VALUES;
    if (given.getAll(name).length > most) {
      return `Cannot use ${name} more than ${most === 1 ? "once" : `${most} times`}`;
    }
  }
  const wrong = (name: string, text: string, forms: string) =>
    `Cannot use ${name} ${quoted(text)}: expected ${forms}`;
  const moments = new Map<string, Moment>();
  for (const name of ONCE) {
    const text = given.get(name);
    if (text === null) continue;
    const moment = parseMoment(withPlus(text));
    if (moment === null) return wrong(name, text, MOMENT_FORMS);
    moments.set(name, moment);
  }
  const span = spanOf(moments.get("since"), moments.get("until"), nowMs, nowMs);
  if (span.sinceMs >= span.untilMs) {
    return "Cannot use since and until: expected since to be before until";
  }
  const pids = given.getAll("pid");
  const noPid = pids.find((text) => !isPid(text));
  if (noPid !== undefined) return wrong("pid", noPid, `a whole number from 1 to ${LARGEST_PID}`);
  const roles = given.getAll("role");
  const noRole = roles.find((text) => !isRole(text));
  if (noRole !== undefined) return wrong("role", noRole, `one of ${ROLES.join(", ")}`);
  const projects = given.getAll("project");
  const noProject = projects.find((text) => !text.startsWith("/"));
  if (noProject !== undefined) return wrong("project", noProject, "the whole path of a folder");
  return { ...span, pids: pids.map(Number), roles: roles.filter(isRole), projects };
}

/** In a query a + that is not written as %2B is a space. */
function withPlus(text: string): string {
  return text.replace(/(T[\d:.]+) (\d\d:\d\d)$/, "$1+$2");
}

function isPid(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= LARGEST_PID;
}

function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

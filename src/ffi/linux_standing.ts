/** How a Linux process stands, in the texts of /proc: its terminal, the unit that it belongs to. Pure. */

import type { Missing, ProcessKey, Standing } from "../types.ts";
import { parseStat } from "./linux_abi.ts";
import { decodeText } from "./struct.ts";

/** How a process stands, or null if it is gone. What `read` gives is valid until the next call. */
export function standingOf(
  { pid, started }: ProcessKey,
  read: (file: "stat" | "cgroup") => Uint8Array | Missing,
): Standing | null {
  const stat = read("stat");
  if (typeof stat === "string" || parseStat(stat, pid, 0)?.key.started !== started) return null;
  const hasTerminal = terminalOf(decodeText(stat));
  const group = read("cgroup");
  const isService = typeof group === "string" ? null : isOfService(decodeText(group));
  return { hasTerminal, isService };
}

/**
 * Whether the process of a /proc/PID/stat has a controlling terminal: field 7, tty_nr, is 0 if not
 * (proc_pid_stat(5)). null: the line is none.
 */
export function terminalOf(stat: string): boolean | null {
  const close = stat.lastIndexOf(")");
  // Behind the name: state, ppid, pgrp, session, tty_nr.
  const tty = close < 0 ? undefined : stat.slice(close + 2).split(" ", 5)[4];
  return tty !== undefined && /^-?\d+$/.test(tty) ? tty !== "0" : null;
}

/**
 * Services in which people's own programs run: systemd's manager of a user; what logs in; what keeps or
 * shows terminals; what starts jobs. And apps (XDG's `app-ID@RANDOM`, D-Bus's), terminals among them.
 */
const OF_PEOPLE = new RegExp(
  [
    "^user@",
    "^(?:sshd?|dropbear|telnetd?|in\\.telnetd)[@.-]",
    "^login[@.]",
    "^(?:(?:serial|container|console)-)?getty[@.]",
    "^(?:crond?|cronie|fcron|anacron|atd)\\.",
    "^(?:tmux|screen|zellij|dtach|abduco)[@.-]",
    "^(?:app|dbus)-.*@",
    "terminal|konsole|kitty|wezterm|alacritty",
  ].join("|"),
  "i",
);

/**
 * Whether systemd runs the process of a /proc/PID/cgroup as a service: the innermost unit of its group
 * is one (a scope is what somebody else started), and none of those in which people's programs run.
 * null: there is no group that could say so (cgroups(7)).
 */
export function isOfService(text: string): boolean | null {
  const groups = text.split("\n").flatMap((line) => {
    const [, group] = /^\d+:(?:name=systemd)?:(\/.*)$/.exec(line) ?? [];
    return group ?? [];
  });
  if (groups.length === 0) return null;
  return groups.some((group) => {
    // Below its unit a service may have groups of its own.
    const unit = group.split("/").findLast((part) => /\.(?:service|scope)$/.test(part)) ?? "";
    return unit.endsWith(".service") && !OF_PEOPLE.test(unit);
  });
}

/** User units of systemd: systemd.service(5), systemd.timer(5), systemctl(1). */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { COMMENT, type Job, type Manager, type Step, type UnitFile } from "./job.ts";

/** More starts than 5 in 10 s are refused: DefaultStartLimitIntervalSec= of systemd-system.conf(5). */
const LEAST_EVERY_MS = 10_000;

/** systemd's side of the units of this name, in the folder of the user's units. */
export function systemd(folder: string, name: string): Manager {
  const service = `${folder}/${name}.service`;
  const timer = `${folder}/${name}.timer`;
  const units = (job: Job): UnitFile[] =>
    job.kind === "check"
      ? [{ path: service, text: checkService(job) }, { path: timer, text: checkTimer(job) }]
      : [{ path: service, text: watchService(job) }];
  /** What is enabled and started: of a check, the timer. */
  const started = (hasTimer: boolean) => `${name}.${hasTimer ? "timer" : "service"}`;
  return {
    os: "linux",
    hint:
      `It runs while you are logged in; loginctl enable-linger makes that always. Its output: ` +
      `journalctl --user -u ${name}`,
    paths: [service, timer],
    units,
    install: (job, there) => {
      const isCheck = job.kind === "check";
      const wasCheck = there.includes(timer);
      const unit = started(isCheck);
      return [
        ...(there.length > 0 && wasCheck !== isCheck
          ? [systemctl("disable", "--now", started(wasCheck))]
          : []),
        ...units(job).map((file) => ({ kind: "write", file } as const)),
        ...(wasCheck && !isCheck ? [{ kind: "remove", path: timer } as const] : []),
        systemctl("daemon-reload"),
        systemctl("enable", unit),
        // Not enable --now: what already runs would go on as it was.
        systemctl("restart", unit),
      ];
    },
    uninstall: (there) => [
      systemctl("disable", "--now", started(there.includes(timer))),
      ...there.map((path) => ({ kind: "remove", path } as const)),
      systemctl("daemon-reload"),
    ],
  };
}

function systemctl(...words: readonly string[]): Step {
  const args = ["systemctl", "--user", ...words];
  return { kind: "run", says: args.join(" "), script: 'exec "$0" "$@"', args };
}

/** No sandbox: hooks are the user's own commands, and may want anything that the user may. */
function watchService(job: Job): string {
  return unit([
    "[Unit]",
    `Description=Memory of OpenCode's processes (ocmem ${job.kind})`,
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${commandLine(job.command)}`,
    "Restart=on-failure",
    "RestartSec=30",
    "# Wrong arguments (64) and options (78) stay wrong.",
    "RestartPreventExitStatus=64 78",
    "Nice=10",
    "",
    "[Install]",
    "WantedBy=default.target",
  ]);
}

function checkService(job: Job): string {
  return unit([
    "[Unit]",
    "Description=Memory of OpenCode's processes (ocmem check)",
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=${commandLine(job.command)}`,
    "# Verdicts: 1 is WARNING, 2 is CRITICAL. 3 is UNKNOWN, and a failed unit: nothing was judged.",
    "SuccessExitStatus=1 2",
    "TimeoutStartSec=1min",
    "Nice=10",
    "NoNewPrivileges=yes",
  ]);
}

function checkTimer({ everyMs }: Job): string {
  if (everyMs < LEAST_EVERY_MS) {
    throw new UsageError(
      `Cannot use --interval ${
        writeDuration(everyMs)
      } with check: systemd starts it at most every ` +
        `${writeDuration(LEAST_EVERY_MS)}. Use watch, which looks as often as you like`,
    );
  }
  const every = writeDuration(everyMs);
  return unit([
    "[Unit]",
    `Description=Runs ocmem check every ${every}`,
    "",
    "[Timer]",
    "OnActiveSec=0",
    `OnUnitActiveSec=${every}`,
    "# The default, a minute, is longer than intervals may be.",
    "AccuracySec=1s",
    "",
    "[Install]",
    "WantedBy=timers.target",
  ]);
}

function unit(lines: readonly string[]): string {
  return [`# ${COMMENT}`, ...lines, ""].join("\n");
}

/** The command as ExecStart= reads it: COMMAND LINES in systemd.service(5). */
function commandLine(command: readonly string[]): string {
  // "Executable name contains special characters", load-fragment.c says of these in a program's path.
  const isOdd = /["'\\]/.test(command[0] ?? "");
  const words = isOdd ? ["/bin/sh", "-c", 'exec "$0" "$@"', ...command] : command;
  // With ":" no variables are expanded. In the program's path "$$" would not become "$".
  const prefix = words.some((word) => word.includes("$")) ? ":" : "";
  return prefix + words.map(systemdWord).join(" ");
}

/** Percent signs begin specifiers, in quotes too; there, backslashes begin escapes as in C. */
function systemdWord(word: string): string {
  const text = word.replaceAll("%", "%%");
  if (/^[\w/.,:=@%+-]+$/.test(word)) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

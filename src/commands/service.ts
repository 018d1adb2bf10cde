/** `ocmem service`: what has launchd, systemd, cron or SwiftBar run ocmem. */

import { UnsupportedError, UsageError } from "../errors.ts";
import { cronLines } from "../service/cron.ts";
import { isPlainText, isUnitName, type Job, type Manager, UNIT_NAME } from "../service/job.ts";
import { launchd } from "../service/launchd.ts";
import { swiftbarPlugin } from "../service/swiftbar.ts";
import { systemd } from "../service/systemd.ts";
import type { World } from "../world.ts";
import { quote, type ServiceFlags } from "./flags.ts";
import { install, uninstall } from "./service_steps.ts";
import { type KindName, kindOf, KINDS, wordsOf } from "./service_words.ts";

const DEFAULT_NAME = "ocmem";
/** Labels are, by custom, a domain's name in reverse. */
const DEFAULT_LABEL = "io.ocmem";

/**
 * Runs the command and returns its exit code, 0. `words`: one of the kinds, then the command line to run.
 * `understand` throws a UsageError for one that would not run.
 */
export async function service(
  flags: ServiceFlags,
  [first = "", ...words]: readonly string[],
  world: World,
  understand: (words: readonly string[]) => Promise<void>,
): Promise<number> {
  const kind = kindOf(first);
  requireSense(kind, flags, words);
  if (flags.uninstall) {
    await uninstall(managerHere(kind, flags, world), world);
    return 0;
  }
  const wanted = wordsOf(kind, words, flags.interval);
  await understand(wanted);
  const job: Job = {
    kind: KINDS[kind].commands.find((command) => command === wanted[0]) ?? "check",
    command: requirePlain([...world.ownCommand(), ...wanted]),
    everyMs: flags.interval ?? KINDS[kind].everyMs,
  };
  const text = textOf(kind, job, flags, world);
  warnOfPassing(job, world);
  if (flags.install) await install(managerHere(kind, flags, world), job, world);
  else world.stdout.write(text);
  return 0;
}

/** Throws a UsageError for flags that make no sense together. */
function requireSense(kind: KindName, flags: ServiceFlags, words: readonly string[]): void {
  const { install, uninstall, name, interval } = flags;
  const { byHand } = KINDS[kind];
  if (install && uninstall) throw new UsageError("Cannot use --install with --uninstall");
  if ((install || uninstall) && byHand !== null) {
    const flag = install ? "--install" : "--uninstall";
    throw new UsageError(`Cannot use ${flag} with ${kind}: ${byHand}`);
  }
  if (uninstall && (words.length > 0 || interval !== undefined)) {
    throw new UsageError("Cannot use --uninstall with --interval or a command: the name is enough");
  }
  if (name !== undefined && kind === "cron") {
    throw new UsageError("Cannot use --name with cron: a line has no name");
  }
  if (name !== undefined && !isUnitName(name)) {
    throw new UsageError(`Cannot use --name "${quote(name)}": expected ${UNIT_NAME}`);
  }
}

function requirePlain(command: readonly string[]): readonly string[] {
  const odd = command.find((word) => !isPlainText(word));
  if (odd === undefined) return command;
  throw new UsageError(
    `Cannot write a unit with "${quote(odd)}": it has line breaks or other control characters`,
  );
}

/** What is printed. */
function textOf(kind: KindName, job: Job, flags: ServiceFlags, world: World): string {
  if (kind === "cron") return cronLines(job);
  if (kind === "swiftbar") return swiftbarPlugin(job, flags.name ?? DEFAULT_NAME, world.version);
  const units = managerOf(kind, flags, world).units(job);
  if (kind === "launchd") return units.map(({ text }) => text).join("");
  // As systemctl cat shows them.
  return units.map(({ path, text }) => `# ${path}\n${text}`).join("\n");
}

/** The manager, if it is this machine's. Throws a UsageError that names the one that is. */
function managerHere(kind: KindName, flags: ServiceFlags, world: World): Manager {
  const manager = managerOf(kind, flags, world);
  using probe = world.openProbe();
  if (probe.os === manager.os) return manager;
  const flag = flags.install ? "--install" : "--uninstall";
  const [here, other] = probe.os === "darwin" ? ["macOS", "launchd"] : ["Linux", "systemd"];
  throw new UsageError(`Cannot use ${flag} with ${kind} on ${here}: expected ${other}`);
}

function managerOf(kind: KindName, { name }: ServiceFlags, world: World): Manager {
  const home = absolute(world.env("HOME"));
  const config = absolute(world.env("XDG_CONFIG_HOME")) ??
    (home === null ? null : `${home}/.config`);
  if (kind === "systemd" && config !== null) {
    return systemd(`${config}/systemd/user`, name ?? DEFAULT_NAME);
  }
  if (kind === "launchd" && home !== null) {
    return launchd(home, name ?? DEFAULT_LABEL, name ?? DEFAULT_NAME);
  }
  throw new UnsupportedError(
    "Cannot tell where units belong: HOME names no folder. Set HOME to an absolute path",
  );
}

/** A folder of the environment, without a slash at its end; null if it is relative: those are ignored (XDG). */
function absolute(folder: string | undefined): string | null {
  return folder?.startsWith("/") && isPlainText(folder) ? folder.replace(/\/+$/, "") : null;
}

/** `_npx` in npm's cache is what npx runs from, and is emptied now and then; a unit stays. */
function warnOfPassing({ command }: Job, world: World): void {
  const passing = command.find((word) => /^\/(?:.*\/)?_npx\//.test(word));
  if (passing === undefined) return;
  world.stderr.write(
    `ocmem: ${passing} is in npx's cache, which may be emptied: then nothing is run any more. ` +
      "Install Deno, or ocmem's executable, and write the unit with that\n",
  );
}

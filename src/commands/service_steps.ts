/** Installs and removes units, and says each thing that it does. */

import { FileError, UnsupportedError } from "../errors.ts";
import { type Job, type Manager, MARKER, type Step, type UnitFile } from "../service/job.ts";
import type { World } from "../world.ts";
import { failureOf } from "./outcome.ts";

/** Longer than launchd and systemd take to stop what runs. */
const TIMEOUT_MS = 120_000;
/** For this user alone: a command may hold what is nobody else's business. */
const UNIT_MODE = 0o600;

/** Has a manager run a job from now on. Throws a FileError, OutputError or UnsupportedError. */
export async function install(manager: Manager, job: Job, world: World): Promise<void> {
  const steps = manager.install(job, ownFiles(manager, world, "write"));
  const failure = await carryOut(steps, world);
  if (failure !== null) {
    throw new UnsupportedError(`Cannot install: ${failure}${left(manager, world)}`);
  }
  world.stdout.write(`${manager.hint}\n`);
}

/** Has a manager forget what it ran. Throws a FileError or UnsupportedError. */
export async function uninstall(manager: Manager, world: World): Promise<void> {
  const there = ownFiles(manager, world, "remove");
  if (there.length === 0) {
    const paths = manager.paths.join(" and no ");
    return void world.stdout.write(`Nothing to remove: there is no ${paths}\n`);
  }
  const failure = await carryOut(manager.uninstall(there), world);
  if (failure === null) return;
  throw new UnsupportedError(`Cannot uninstall: ${failure}${left(manager, world)}`);
}

/** What is there after a failure, as the end of its message. */
function left(manager: Manager, world: World): string {
  const there = manager.paths.filter((path) => world.readFile(path) !== null);
  return there.length === 0 ? "" : `. What stays: ${there.join(", ")}`;
}

/** Which of the manager's files are there. Throws a FileError if one is somebody else's. */
function ownFiles(manager: Manager, world: World, action: "write" | "remove"): string[] {
  return manager.paths.filter((path) => {
    const text = world.readFile(path);
    if (text === null || text.includes(MARKER)) return text !== null;
    throw new FileError(
      `Cannot ${action} ${path}: it is there, and ocmem has not written it. Name another unit with ` +
        "--name, or move the file away",
    );
  });
}

/** Does one thing after the other, and says each. Ends at a command that fails, with what is the case. */
async function carryOut(steps: readonly Step[], world: World): Promise<string | null> {
  for (const step of steps) {
    if (step.kind === "write") {
      writeUnit(step.file, world);
      world.stdout.write(`wrote ${step.file.path}\n`);
    } else if (step.kind === "remove") {
      world.removeFile(step.path);
      world.stdout.write(`removed ${step.path}\n`);
    } else {
      const order = { script: step.script, args: step.args, env: {}, timeoutMs: TIMEOUT_MS };
      const failure = failureOf(
        await world.execute(order, new AbortController().signal),
        TIMEOUT_MS,
      );
      if (failure !== null) return `${step.says} ${failure}`;
      world.stdout.write(`ran ${step.says}\n`);
    }
  }
  return null;
}

function writeUnit({ path, text }: UnitFile, world: World): void {
  world.makeFolder(path.slice(0, path.lastIndexOf("/")));
  using file = world.openFile(path, UNIT_MODE);
  file.write(text);
  file.keep();
}

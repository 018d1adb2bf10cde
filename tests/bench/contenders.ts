/** All that run against each other. */

import { fileOf, TARGETS } from "../../release/targets.ts";
import { LIBC_PATHS } from "../../src/ffi/linux_abi.ts";
import { ROOT } from "../support.ts";
import { type Contender, type Skipped, tried } from "./contender.ts";
import { exporter } from "./exporter.ts";
import { npmPackages } from "./npm_packages.ts";
import { copiedCommand, earlierCommand, isFile, ocmemCommand } from "./ocmem_command.ts";
import { floors, others } from "./others.ts";

/** The rows that goals and ratios speak of. */
export const EMPTY = "empty Deno program";
export const VERSION = "ocmem --version";
export const CHECK_JSON = "ocmem check --json";
export const EXECUTABLE = "ocmem check --json, the executable";
/** As an executable runs it, which keeps no compiled code. */
export const NO_CACHE = "ocmem check --json, without V8's code cache";
export const LEAST = "a Deno program that reads the links of /proc";
export const BEFORE = "ocmem check --json, before";
export const COMPLETE = "ocmem complete (a TAB)";
export const COMPLETE_PID = "ocmem complete --pid (a TAB)";

/** ocmem's verdicts on what runs here. */
const VERDICTS = [0, 1, 2, 3] as const;

export interface Field {
  readonly all: readonly (Contender | Skipped)[];
  /** Names of those that do what ocmem does, or a part of it. */
  readonly others: ReadonlySet<string>;
}

/** Everything to compare, made ready in `folder`. What has to run for it ends with `stack`. */
export async function contenders(
  folder: string,
  before: string | null,
  stack: AsyncDisposableStack,
): Promise<Field> {
  const competitors = [...others(folder), ...npmPackages(folder), await exporter(folder, stack)];
  const all = [
    ...ocmem(folder, before),
    ...competitors,
    ...floors(folder),
    least(folder),
    tried({ name: EMPTY, command: emptyProgram(folder) }),
  ];
  return { all, others: new Set(competitors.map(({ name }) => name)) };
}

/** What starts a program that does nothing. */
export function emptyProgram(folder: string): string[] {
  const empty = `${folder}/empty.js`;
  Deno.writeTextFileSync(empty, "");
  return [Deno.execPath(), "run", "--no-config", empty];
}

function ocmem(folder: string, before: string | null): (Contender | Skipped)[] {
  Deno.mkdirSync(`${folder}/ocmem`);
  Deno.writeTextFileSync(`${folder}/ocmem/config.jsonc`, '// limits\n{ "warning": "1GiB" }\n');
  // Programs that share a file share V8's stored code of it, which depends on what they ran.
  const copy = (name: string) => copiedCommand(`${folder}/${name}`);
  const [check, complete] = [copy("check"), [...copy("complete"), "complete", "--"]];
  const verdict = (name: string, command: readonly string[]) =>
    tried({ name, command, exitCodes: VERDICTS });
  return [
    tried({ name: VERSION, command: [...copy("version"), "--version"] }),
    verdict(CHECK_JSON, [...check, "check", "--json"]),
    ...before === null
      ? []
      : [verdict(BEFORE, [...earlierCommand(before, `${folder}/before`), "check", "--json"])],
    verdict(NO_CACHE, [...withoutCache(copy("no_cache")), "check", "--json"]),
    executable(),
    verdict("ocmem check", [...check, "check"]),
    verdict("ocmem check --json, with an options file", [
      ...["env", `XDG_CONFIG_HOME=${folder}`, ...copy("options"), "check", "--json"],
    ]),
    // With a time-out of its own, and so with a thread that waits for it.
    verdict("ocmem check --format nagios", [...copy("nagios"), "check", "--format", "nagios"]),
    tried({ name: COMPLETE, command: [...complete, "check", "--for"] }),
    tried({ name: COMPLETE_PID, command: [...complete, "check", "--pid", ""] }),
  ];
}

/** A command of Deno's without the compiled code that it keeps. */
function withoutCache([deno, run, ...words]: readonly string[]): string[] {
  return [deno!, run!, "--no-code-cache", ...words];
}

/** What no Deno program that looks at processes can be faster than. */
function least(folder: string): Contender | Skipped {
  const program = `${folder}/least.js`;
  Deno.copyFileSync(`${ROOT}tests/bench/least.js`, program);
  const libc = LIBC_PATHS[Deno.build.arch]?.find(isFile);
  if (Deno.build.os !== "linux" || !libc) return { name: LEAST, skipped: "glibc on Linux only" };
  return tried({ name: LEAST, command: [...ocmemCommand(program), libc] });
}

/** The executable for this platform, if it was made. */
function executable(): Contender | Skipped {
  const target = TARGETS.find(({ triple }) => triple === Deno.build.target);
  if (!target) return { name: EXECUTABLE, skipped: `none is made for ${Deno.build.target}` };
  const file = `dist/${fileOf(target)}`;
  if (!isFile(ROOT + file)) return { name: EXECUTABLE, skipped: `no ${file} (deno task compile)` };
  const command = [ROOT + file, "check", "--json"];
  return tried({ name: EXECUTABLE, command, exitCodes: VERDICTS });
}

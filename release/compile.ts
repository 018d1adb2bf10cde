/**
 * `deno task compile [--target TRIPLE]… [--output-dir DIR]`: an executable for each platform, or for those
 * named, and SHA256SUMS of all executables that are there then. Deno downloads the base of each from its
 * own site, dl.deno.land; DENORT_BIN names one that is here already, and then only its platform is made.
 */

import { parseArgs } from "node:util";
import { attempt, main, makeFolder, ReleaseError, say } from "./attempt.ts";
import { targetOf } from "./base.ts";
import { bundle, BUNDLE_FOLDER, ENTRY } from "./bundle.ts";
import { ROOT } from "./origin.ts";
import { sumsOf } from "./sums.ts";
import { fileOf, flagsOf, type Target, TARGETS, TRIPLES } from "./targets.ts";

const EXIT_USAGE = 64;

interface Plan {
  readonly targets: readonly Target[];
  readonly folder: string;
}

/** What the arguments ask for, and the base that is here. Throws a ReleaseError. */
function planOf(args: readonly string[], base: string | undefined): Plan {
  const { target: triples, "output-dir": folder } = flagsIn(args);
  const asked = triples?.map((triple) => {
    const target = TARGETS.find((one) => one.triple === triple);
    if (target) return target;
    throw new ReleaseError(
      `Cannot compile for ${triple}: expected one of ${TRIPLES}`,
      EXIT_USAGE,
    );
  });
  if (!base) return { targets: asked ?? TARGETS, folder };
  const own = targetOf(base);
  const other = asked?.find((target) => target !== own);
  if (!other) return { targets: [own], folder };
  throw new ReleaseError(
    `Cannot compile for ${other.triple}: DENORT_BIN names a base for ${own.triple}`,
    EXIT_USAGE,
  );
}

function flagsIn(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: args.filter((word) => word !== "--"),
      options: {
        target: { type: "string", multiple: true },
        "output-dir": { type: "string", default: `${ROOT}dist` },
      },
    });
    return values;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(". ");
    throw new ReleaseError(
      `Cannot read the arguments: ${reason}. Expected [--target TRIPLE]… [--output-dir DIR]`,
      EXIT_USAGE,
    );
  }
}

async function compile(target: Target, folder: string): Promise<void> {
  const file = `${folder}/${fileOf(target)}`;
  const { success, complaint } = await attempt(Deno.execPath(), [
    "compile",
    "--no-config",
    "--quiet",
    ...["--target", target.triple, "--output", file],
    // Its name decides where Deno would keep what ocmem never keeps there.
    ...["--app-name", "ocmem"],
    // The cache would be a file of a known name in the folder for temporary files, which others can put
    // there before: what is in it runs. Without it a check takes about a millisecond more.
    "--no-code-cache",
    // Nothing is imported from anywhere; a list of hosts would be granted without it.
    "--deny-import",
    ...flagsOf(target),
    `${BUNDLE_FOLDER}/${ENTRY}`,
  ]);
  if (success) return;
  throw new ReleaseError(`Cannot compile for ${target.triple}: ${reasonOf(complaint)}`);
}

/** What the trouble is, in a sentence where that is known. */
function reasonOf(complaint: string): string {
  const url = /error sending request for url \((https?:[^)]+)\)/.exec(complaint)?.[1];
  if (url === undefined) return complaint;
  // The deepest of the causes, which Deno numbers.
  const cause = [...complaint.matchAll(/^ +\d+: (?!<)(.+)$/gm)].at(-1)?.[1];
  return `its base executable could not be downloaded from ${url}${cause ? ` (${cause})` : ""}. ` +
    "Try again where that address can be reached; or fetch the file there, unpack it, and name it with " +
    "DENORT_BIN=/path/to/denort";
}

await main(async () => {
  const { targets, folder } = planOf(Deno.args, Deno.env.get("DENORT_BIN"));
  makeFolder(folder);
  await bundle(BUNDLE_FOLDER);
  for (const target of targets) {
    await compile(target, folder);
    const { size } = Deno.statSync(`${folder}/${fileOf(target)}`);
    say(`${folder}/${fileOf(target)}: ${(size / 1024 / 1024).toFixed(1)} MiB`);
  }
  Deno.writeTextFileSync(`${folder}/SHA256SUMS`, await sumsOf(folder));
});

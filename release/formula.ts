/**
 * `deno run --allow-read release/formula.ts --repository OWNER/NAME [FILE]`: prints a Homebrew formula for
 * the release of deno.json's version, whose checksums FILE holds, dist/SHA256SUMS if nothing else is said.
 */

import { parseArgs } from "node:util";
import denoJson from "../deno.json" with { type: "json" };
import { main, ReleaseError } from "./attempt.ts";
import { formulaOf } from "./formula_text.ts";
import { ROOT } from "./origin.ts";

/** EX_USAGE and EX_NOINPUT of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_NO_INPUT = 66;

interface Asked {
  readonly repository: string;
  readonly file: string;
}

/** What the arguments ask for. Throws a ReleaseError. */
function askedFor(args: readonly string[]): Asked {
  const { values, positionals } = parsed(args);
  const [file = `${ROOT}dist/SHA256SUMS`, ...others] = positionals;
  if (others.length > 0) {
    const words = others.join(" ");
    throw new ReleaseError(
      `Cannot make a formula: one file at most, and ${words} more`,
      EXIT_USAGE,
    );
  }
  if (values.repository !== undefined) return { repository: values.repository, file };
  const missing = "Cannot make a formula: nothing says where the release is. ";
  throw new ReleaseError(`${missing}Name its repository with --repository OWNER/NAME`, EXIT_USAGE);
}

function parsed(args: readonly string[]) {
  try {
    const options = { repository: { type: "string" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [problem] = error.message.split(". ");
    throw new ReleaseError(`Cannot make a formula: ${problem}`, EXIT_USAGE);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const help = "deno task compile makes one in dist";
    throw new ReleaseError(`Cannot read ${file}: it is not there. ${help}`, EXIT_NO_INPUT);
  }
}

await main(async () => {
  const { repository, file } = askedFor(Deno.args);
  const sums = await read(file);
  const release = { repository, version: denoJson.version, sums, sumsName: file };
  Deno.stdout.writeSync(new TextEncoder().encode(formulaOf(release)));
});

/**
 * `deno task test-bundle [FILE…]`: all tests that start ocmem, with the bundle in place of the sources, as
 * an executable of this platform would run it: see live/program.ts and release/placed.ts.
 */

import { Placed } from "./release/placed.ts";
import { ROOT } from "./support.ts";

const PROGRAM = "tests/live/program.ts";

/** The tests that reach a module. */
function testsOf(module: string): string[] {
  const reached = new Map<string, boolean>();
  const reaches = (file: string): boolean => {
    if (file === module) return true;
    const known = reached.get(file);
    if (known !== undefined) return known;
    // Until it is known, for files that import each other.
    reached.set(file, false);
    const isReached = importsOf(file).some(reaches);
    reached.set(file, isReached);
    return isReached;
  };
  return [...filesIn("tests")].filter((file) => file.endsWith("_test.ts") && reaches(file)).sort();
}

/** What a file of the tests imports from other files of the tests. */
function importsOf(file: string): string[] {
  const folder = new URL(file, "file:///");
  return [...Deno.readTextFileSync(ROOT + file).matchAll(/ from "(\.[^"]*\.ts)"/g)]
    .map(([, path]) => new URL(path!, folder).pathname.slice(1))
    .filter((path) => path.startsWith("tests/"));
}

function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

using placed = await Placed.here();
const tests = Deno.args.length > 0 ? Deno.args : testsOf(PROGRAM);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", ...tests],
  cwd: ROOT,
  env: { OCMEM_TEST_PROGRAM: placed.entry },
}).spawn().status;
Deno.exitCode = code;

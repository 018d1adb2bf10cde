/**
 * `deno run --allow-read release/notes.ts NAME…`: prints the section of CHANGELOG.md of the first NAME that
 * it has: `0.1.0` for a release, `0.1.0 Unreleased` for its rehearsal.
 */

import { main } from "./attempt.ts";
import { notesOf } from "./notes_text.ts";
import { ROOT } from "./origin.ts";

await main(async () => {
  const changelog = await Deno.readTextFile(`${ROOT}CHANGELOG.md`);
  Deno.stdout.writeSync(new TextEncoder().encode(notesOf(changelog, Deno.args)));
});

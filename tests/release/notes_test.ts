/** The notes of a release, taken from the changelog. */

import assert from "node:assert/strict";
import { notesOf } from "../../release/notes_text.ts";
import { live, pure, ROOT } from "../support.ts";

const CHANGELOG = `# Changelog

Everything that is visible.

## Unreleased

- Soon.

## 1.0.0 - 2026-12-01

- A line that
  goes on: \`## not a heading\`,
  and ends.
- Another.
  - Below it,
    also long.

A paragraph, and

    code

## 0.10.0

## 0.1.0
- Early.
`;

pure("notes are the section of a version, dated or not, an item a line", () => {
  assert.equal(
    notesOf(CHANGELOG, ["1.0.0"]),
    "- A line that goes on: `## not a heading`, and ends.\n- Another.\n  - Below it, also long.\n\n" +
      "A paragraph, and\n\n    code\n",
  );
  assert.equal(notesOf(CHANGELOG, ["0.1.0"]), "- Early.\n");
});

pure("notes of a rehearsal are of the version, or else what is not released yet", () => {
  assert.equal(notesOf(CHANGELOG, ["0.1.0", "Unreleased"]), "- Early.\n");
  assert.equal(notesOf(CHANGELOG, ["2.0.0", "Unreleased"]), "- Soon.\n");
});

pure("without a section, or with an empty one, nothing is released", () => {
  // A version that another begins with is not it.
  for (const name of ["2.0.0", "1.0", "0.1", "Changelog", "not"]) {
    assert.throws(() => notesOf(CHANGELOG, [name]), {
      name: "ReleaseError",
      exitCode: 65,
      message: `Cannot take notes from the changelog: it has no section "## ${name}". ` +
        `Before a release, "## Unreleased" becomes "## ${name}"`,
    });
  }
  assert.throws(() => notesOf(CHANGELOG, ["0.10.0"]), {
    message: 'Cannot take notes from the changelog: "## 0.10.0" is empty',
  });
});

live("the changelog has a section that is or becomes the next release's", {}, () => {
  const changelog = Deno.readTextFileSync(`${ROOT}CHANGELOG.md`);
  const notes = notesOf(changelog, ["Unreleased", /^## (\S+)/m.exec(changelog)![1]!]);
  // Wrapped lines have become one.
  assert.doesNotMatch(notes, /^ +[^-* ]/m);
});

/** What executables for macOS may do under its hardened runtime. */

import assert from "node:assert/strict";
import { finished } from "../live/command_line.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";

const FILE = `${ROOT}release/entitlements.plist`;
/** V8's compiler, and Deno's bridges to the C library. Whatever is more would be a hole. */
const WANTED = {
  "com.apple.security.cs.allow-jit": true,
  "com.apple.security.cs.allow-unsigned-executable-memory": true,
};
const READERS = { plistutil: hasProgram("plistutil"), python3: hasProgram("python3") };

live("entitlements: both readers find what is needed, and no more", READERS, async () => {
  using folder = temporaryFolder();
  const binary = `${folder.path}/binary`;
  // plistutil writes the other format, so it has to understand this one.
  const { code, stderr } = await finished("plistutil", ["-i", FILE, "-o", binary]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const script = "import json, plistlib, sys; print(json.dumps([plistlib.load(open(f, 'rb')) " +
    "for f in sys.argv[1:]]))";
  const { stdout } = await finished("python3", ["-c", script, FILE, binary]);
  assert.deepEqual(JSON.parse(stdout), [WANTED, WANTED]);
});

live("entitlements: codesign's own parser can read them", {}, () => {
  const text = Deno.readTextFileSync(FILE);
  // It refuses what XML forbids and others let pass: two hyphens in a comment.
  const comments = [...text.matchAll(/<!--([^]*?)-->/g)].map(([, comment]) => comment!);
  assert.ok(comments.length > 0);
  for (const comment of comments) assert.ok(!comment.includes("--"), comment);
  assert.match(text, /^[\t\n -~]*$/);
  assert.match(text, /^<\?xml /);
});

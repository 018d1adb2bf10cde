import assert from "node:assert/strict";
import fc from "fast-check";
import { resumeCommand } from "../../src/report/resume.ts";
import type { Role } from "../../src/types.ts";
import { pure } from "../support.ts";
import { reportOf, type Sketch, texts } from "./session_reports.ts";

function resume(sketch: Sketch): string | null {
  return resumeCommand(reportOf([sketch]).instances[0]!);
}

function flagsFor(...argv: string[]): string | undefined {
  const command = resume({ directory: "/w", processes: [{ argv }] });
  return command?.replace("cd '/w' && opencode ", "");
}

pure("resume: the session that the arguments name, or else the last one of the directory", () => {
  const named = "--session ses_6aade4081ffe216ygZUgcUQdR1";
  const id = "ses_6aade4081ffe216ygZUgcUQdR1";
  assert.equal(flagsFor("opencode"), "--continue");
  assert.equal(flagsFor("opencode", "/w", "--model", "a/b"), "--continue");
  assert.equal(flagsFor("opencode", "-s", id), named);
  assert.equal(flagsFor("opencode", "--session", id, "--mini"), named);
  assert.equal(flagsFor("opencode", `--session=${id}`), named);
  assert.equal(flagsFor("opencode", `-s=${id}`), named);
  assert.equal(flagsFor("opencode", "run", "fix it", "-s", id), named);
  assert.equal(flagsFor("opencode", "run", "--", "-s", id), "--continue");
  // A fork goes on in another session than the one that is named.
  assert.equal(flagsFor("opencode", "--fork", "-s", id), "--continue");
});

pure("resume: no session is guessed in the place of one that can't be repeated", () => {
  for (
    const id of ["***", "", "ses_", "ses_1 2", "ses_$(x)", "-s", "ses_1\n", "xses_1", "ses_1é"]
  ) {
    assert.equal(flagsFor("opencode", "--session", id), undefined, id);
    assert.equal(flagsFor("opencode", `--session=${id}`), undefined, id);
  }
  assert.equal(flagsFor("opencode", "--session"), undefined);
  assert.equal(flagsFor("opencode", "-s", "ses_1", "-s", "ses_2"), undefined);
  assert.equal(flagsFor("opencode", "run", "--attach", "http://h:4096", "hi"), undefined);
  assert.equal(flagsFor("opencode", "run", "--attach=http://h:4096", "hi"), undefined);
  assert.equal(resume({ processes: [{ argv: null }] }), null);
});

pure("resume: sessions only, and those that the command opencode finds", () => {
  const roles: readonly Role[] = ["server", "acp", "attach", "desktop", "cli", "unknown", "orphan"];
  for (const role of roles) assert.equal(resume({ role }), null, role);
  assert.equal(resume({ role: "run" }), "cd '/work' && opencode --continue");
  const by = (executable: string | null) => resume({ processes: [{ executable }] }) !== null;
  for (const name of ["opencode", ".opencode", "opencode.exe", ".opencode-wrapped_"]) {
    assert.equal(by(`/x/${name}`), true, name);
    assert.equal(by(`/x/${name} (deleted)`), true, name);
  }
  for (const name of ["opencode2", "opencode2.exe", "opencode-cli", "bun", "mycode", "xopencode"]) {
    assert.equal(by(`/x/${name}`), false, name);
  }
  assert.equal(by(null), true, "by its first argument");
});

pure("resume: the arguments are the main process's, wherever it stands", () => {
  const report = reportOf([{
    processes: [{}, { argv: ["opencode", "-s", "ses_1"], depth: 1 }],
  }]);
  const [instance] = report.instances;
  const main = { ...instance!, id: "101-s" };
  assert.match(resumeCommand(instance!)!, /--continue$/);
  assert.match(resumeCommand(main)!, /--session ses_1$/);
  assert.equal(resumeCommand({ ...instance!, id: "102-s" }), null);
});

pure("resume: directories in single quotes", () => {
  const quoted: [string, string][] = [
    ["/work/api", "'/work/api'"],
    ["/it's", "'/it'\\''s'"],
    ['/$(touch x) `y` "z" !1 \\ |', "'/$(touch x) `y` \"z\" !1 \\ |'"],
    ["/日本/🦊 ", "'/日本/🦊 '"],
    ["/", "'/'"],
  ];
  for (const [directory, text] of quoted) {
    assert.equal(resume({ directory }), `cd ${text} && opencode --continue`);
  }
});

pure("resume: no command for a directory that is not known for sure", () => {
  // Made visible, each of them is also the name of another directory.
  for (const character of ["\n", "\r", "\t", "\x1b", "\u202e", "\u2028", "\u{e0041}", "\ud800"]) {
    assert.equal(resume({ directory: `/a${character}b` }), null);
  }
  for (const text of ["\\n", "\\x1b", "\\u202e", "\\u{e0041}"]) {
    assert.equal(resume({ directory: `/a${text}` }), null, text);
  }
  assert.equal(resume({ directory: null }), null);
  assert.equal(resume({ directory: "" }), null);
  assert.equal(resume({ directory: "(unreachable)/work" }), null);
  // What stands for bytes that are no UTF-8.
  assert.equal(resume({ directory: "/a\ufffd" }), null);
  // Linux tells so of one that was removed; a part of a name is one.
  assert.equal(resume({ directory: "/work (deleted)" }), null);
  assert.equal(
    resume({ directory: "/work (deleted)/a" }),
    "cd '/work (deleted)/a' && opencode --continue",
  );
  // A backslash before anything else is a backslash.
  assert.equal(resume({ directory: "/a\\q\\" }), "cd '/a\\q\\' && opencode --continue");
});

pure("resume: if there is a command, a shell reads the very directory in it", () => {
  let commands = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const directory = `/${text}`;
      const command = resume({ directory });
      if (command === null) return;
      commands++;
      assert.deepEqual(wordsOf(command), ["cd", directory, "&&", "opencode", "--continue"]);
    }),
    { numRuns: 500 },
  );
  assert.ok(commands > 100, `${commands}`);
});

/** The words of a shell command that consists of plain characters, single quotes and `\'` (XCU 2.2). */
function wordsOf(command: string): string[] {
  const parts = [...command.matchAll(/'([^']*)'|\\(.)|[^'\\]/gsu)];
  assert.equal(parts.map(([part]) => part).join(""), command, "an open quote");
  const words = [""];
  for (const [part, quoted, escaped] of parts) {
    const plain = quoted === undefined && escaped === undefined;
    if (plain) assert.match(part, /[a-z& -]/);
    words.push(part === " " ? "" : words.pop() + (quoted ?? escaped ?? part));
  }
  return words;
}

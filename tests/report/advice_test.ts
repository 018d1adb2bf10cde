import assert from "node:assert/strict";
import fc from "fast-check";
import { adviceFor, withAdvice } from "../../src/report/advice.ts";
import { GIB, MIB } from "../fake.ts";
import { pure } from "../support.ts";
import { group, held, instanceOn, large, purpose, said } from "./advised.ts";
import { reportOn } from "./reported.ts";
import { sketches } from "./session_reports.ts";
import { reportOf } from "./session_reports.ts";

const SHOW = "show: All about it: ocmem show 10";
const COST = "which takes much more memory meanwhile";

pure("a session: go on with it, see what fills it, all about it", async () => {
  const instance = await instanceOn([large("--session ses_7")]);
  assert.deepEqual(said(instance), [
    "resume: Its session is kept; end it (ocmem stop 10) and go on with it: " +
    "cd '/w' && opencode --session ses_7",
    `snapshot: To see what fills it, press Ctrl-P and choose "Write heap snapshot", ${COST}; ` +
    "or have one written above 2 GiB: " +
    "cd '/w' && OPENCODE_AUTO_HEAP_SNAPSHOT=1 opencode --session ses_7",
    SHOW,
  ]);
});

pure(
  "the one session that it likely holds is resumed; of several, or shared ones, the last",
  async () => {
    const instance = await instanceOn([large("")]);
    const resumed = (...sessions: Parameters<typeof held>[0][]) =>
      adviceFor({ ...instance, sessions: sessions.map(held) })![0]!.command!.split("opencode ")[1];
    assert.equal(resumed({ id: "ses_9" }), "--session ses_9");
    assert.equal(resumed({ id: "ses_8" }, { id: "ses_9" }), "--continue");
    assert.equal(resumed({ id: "ses_9", certainty: "shared" }), "--continue");
    assert.equal(resumed({ id: "ses_9", certainty: "shared" }, { id: "ses_8" }), "--session ses_8");
    assert.equal(resumed(), "--continue");
    // Titles and ids are text of others.
    for (const id of ["ses_$(x)", "ses_a b", "ses_\\n", "--fork", "ses_", "ses_1;x", "ses_é"]) {
      assert.equal(resumed({ id }), "--continue", id);
    }
  },
);

pure("what its arguments name is certain, whatever else was active there", async () => {
  const instance = await instanceOn([large("-s ses_7")]);
  const sessions = [held({ id: "ses_9" })];
  assert.match(adviceFor({ ...instance, sessions })![0]!.command!, /--session ses_7$/);
});

pure("who is at work is not just ended", async () => {
  const busy = /^resume: It is at work; when that is done, end it \(ocmem stop 10\) and go on/;
  assert.match(said(await instanceOn([large("run fix it")]))![0]!, busy);
  const instance = await instanceOn([large("")]);
  assert.match(said({ ...instance, sessions: [held({ busy: true })] })![0]!, busy);
  assert.match(said({ ...instance, sessions: [held({ busy: false })] })![0]!, /is kept; end it/);
});

pure("where no command is sure none is offered, and it is said how else", async () => {
  for (const cwd of ["/a\nb", "/a\u202eb", "relative", null]) {
    const [resume, snapshot] = adviceFor(await instanceOn([large("", { cwd })]))!;
    assert.equal(resume!.command, null);
    assert.match(resume!.text, /start OpenCode there and choose it with \/sessions$/);
    assert.equal(snapshot!.command, null);
    assert.match(snapshot!.text, /meanwhile$/);
  }
});

pure("each role is told what becomes of its sessions", async () => {
  const first = async (args: string, rest = {}) =>
    said(await instanceOn([large(args, rest)]))![0]!.replace(/^(\w+): /, "$1 | ");
  assert.equal(
    await first("serve"),
    "stop | Its sessions are kept; end it, start it as before and connect again: ocmem stop 10",
  );
  assert.match(await first("acp"), /^stop .* agent again in its editor: ocmem stop 10$/);
  const client = /^stop .*a session of a server, which goes on.*: ocmem stop 10$/;
  assert.match(await first("attach http://h:4096"), client);
  assert.match(await first("run --attach http://h:4096 hi"), client);
  assert.match(await first("models"), /^stop \| It is no session; .*: ocmem stop 10$/);
  const desktop = { exe: "/A/OpenCode.app/Contents/MacOS/opencode-cli", name: "opencode-cli" };
  assert.match(
    await first("serve", desktop),
    /^stop .* quit the desktop app .*, and open it again$/,
  );
});

pure(
  "a heap snapshot: of what the command opencode starts, with the variable for the next start",
  async () => {
    const snapshot = async (args: string, rest = {}) =>
      said(await instanceOn([large(args, rest)]))!.find((one) => one.startsWith("snapshot"));
    for (const args of ["serve", "acp", "attach http://h:4096"]) {
      assert.equal(
        await snapshot(args),
        "snapshot: To see what fills it, start it with OPENCODE_AUTO_HEAP_SNAPSHOT=1; " +
          `above 2 GiB it writes a heap snapshot, ${COST}`,
      );
    }
    assert.equal(
      await snapshot("run fix it"),
      `snapshot: To see what fills it, have it write a heap snapshot above 2 GiB, ${COST}: ` +
        "cd '/w' && OPENCODE_AUTO_HEAP_SNAPSHOT=1 opencode --continue",
    );
    assert.equal(await snapshot("models"), undefined);
    assert.equal(await snapshot("", { exe: "/b/opencode2", name: "opencode2" }), undefined);
  },
);

pure("a helper over the limit is ended alone; the session it belongs to is named", async () => {
  const machine = [large("", { memory: MIB }), {
    pid: 11,
    ppid: 10,
    name: "gopls",
    memory: 5 * GIB,
  }];
  const instance = await instanceOn(machine);
  const show = "show: All about it: ocmem show 11";
  assert.deepEqual(said(instance), [
    'stop: It is helper "gopls" of process 10, not the session, and can be ended alone: ocmem stop 11',
    show,
  ]);
  const as = (rest: Parameters<typeof purpose>[0]) =>
    said({
      ...instance,
      processes: instance.processes.map((one) =>
        one.pid === 11 ? { ...one, purpose: purpose(rest) } : one
      ),
    })![0]!;
  assert.match(
    as({ kind: "lsp", name: "gopls", language: "Go" }),
    /^stop: It is LSP Go \(gopls\) of process 10/,
  );
  assert.match(as({ kind: "shell", command: "make" }), /^stop: It is shell \(make\) of/);
  assert.match(
    as({ name: "github" }),
    /alone; "mcp": \{"github": \{"enabled": false\}\} in opencode\.json leaves it out: ocmem stop 11$/,
  );
  // What would mean something else in JSON, or is not the name itself.
  for (const name of ['a"b', "a\\nb", "é"]) assert.doesNotMatch(as({ name }), /enabled/);
  // Named by itself, nothing is known of its session.
  const alone = withAdvice(await reportOn(machine, {}, { pid: [11] })).instances[0]!.advice!;
  assert.match(alone[0]!.text, /^It is helper "gopls" of a session and can be ended alone$/);
});

pure("of a total it is the process that makes most of it", async () => {
  const helper = { pid: 11, ppid: 10, name: "gopls", memory: 3 * GIB };
  const over = async (memory: number) =>
    said(await instanceOn([large("", { memory }), helper], { scope: "instance" }))!.at(-1);
  assert.equal(await over(2 * GIB), "show: All about it: ocmem show 11");
  assert.equal(await over(4 * GIB), SHOW);
});

pure("what its OpenCode left behind is ended", async () => {
  const orphan = { pid: 12, ppid: 1, name: "node", marks: { openCodePid: 77 }, memory: 9 * GIB };
  assert.deepEqual(said(await instanceOn([{ pid: 1, ppid: 0 }, orphan])), [
    "stop: The OpenCode that started it has ended; end it, too, unless you use it: ocmem stop 12",
    "show: All about it: ocmem show 12",
  ]);
});

pure("of what is not OpenCode's there is no more than show", async () => {
  const report = await reportOn([{ pid: 9, memory: 9 * GIB }], {}, { pid: [9] });
  assert.deepEqual(said(report.instances[0]!), ["show: All about it: ocmem show 9"]);
});

function copies(count: number, memory: number) {
  return Array.from({ length: count }, (_, i) => ({
    ...{ pid: 100 + i, ppid: 10, name: "node", argv: ["/n/node", "mcp.js", "--token", "s3cret"] },
    memory,
  }));
}

pure(
  "copies: eight are too many, fewer if they hold a fourth; those first that hold most",
  async () => {
    const kinds = async (count: number, memory: number) =>
      said(await instanceOn([large(""), ...copies(count, memory)]))!
        .map((one) => one.split(":")[0]).join(" ");
    assert.equal(await kinds(7, MIB), "resume snapshot show");
    assert.equal(await kinds(8, MIB), "resume snapshot copies show");
    // 2 of 7 GiB, and 2 of 10.
    assert.equal(await kinds(2, GIB), "resume snapshot copies show");
    assert.equal(await kinds(1, 2 * GIB), "resume snapshot show");
    assert.equal(await kinds(4, 1.5 * GIB), "copies resume snapshot show");
  },
);

pure("copies are told by their command where nobody asked what they are for", async () => {
  const below = { pid: 200, ppid: 100, name: "sh", memory: GIB };
  const instance = await instanceOn([large(""), ...copies(8, 64 * MIB), below]);
  assert.equal(
    said(instance)!.at(-2),
    "copies: 8 copies of node mcp.js --token *** hold 1.5 GiB: " +
      "ocmem stop 10 ends them with their session",
  );
});

pure("copies are told by what they are for where that is known", async () => {
  const instance = await instanceOn([large(""), ...copies(66, MIB)]);
  const told = (...children: ReturnType<typeof group>[]) =>
    said({ ...instance, children })!.find((one) => one.startsWith("copies"));
  assert.equal(
    told(group(1, 4 * GIB, { name: "one" }), group(66, 2 * GIB, { name: "github" })),
    'copies: 66 copies of MCP server "github" hold 2 GiB: ' +
      'ocmem stop 10 ends them with their session; "mcp": {"github": {"enabled": false}} in ' +
      "opencode.json leaves it out",
  );
  assert.match(
    told(group(9, null, { kind: "lsp", name: "gopls" }))!,
    /LSP \(gopls\) run: ocmem stop 10/,
  );
  assert.equal(
    told(group(99, 4 * GIB, { kind: "shell" }), group(99, GIB, { kind: "git" })),
    undefined,
  );
  assert.equal(told(), undefined);
});

pure("what is within its limits is not advised on, nor what can't be read", async () => {
  assert.equal(said(await instanceOn([large("", { memory: GIB })])), null);
  assert.equal(said(await instanceOn([large("", { memory: "denied" })])), null);
  const { instances } = withAdvice(await reportOn([large("")], null));
  assert.equal(instances[0]!.advice, null);
});

pure("any instances: at most four, the last shows it; commands are of one harmless line", () => {
  let offered = 0;
  fc.assert(fc.property(sketches, (all) => {
    for (const instance of reportOf(all).instances) {
      // As it is judged: its largest process, or its total.
      for (const because of [instance.because, processOver(instance.processes[0]!.pid)]) {
        const advice = adviceFor({ ...instance, because });
        if (instance.level !== "warning" && instance.level !== "critical") {
          assert.equal(advice, null);
          continue;
        }
        assert.ok(advice!.length >= 1 && advice!.length <= 4);
        assert.equal(advice!.at(-1)!.kind, "show");
        for (const { text, command } of advice!) {
          assert.doesNotMatch(`${text}${command}`, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
          if (command !== null) offered++;
          assert.match(command ?? "ocmem show 1", /^(?:ocmem (?:stop|show) \d+$|cd '\/)/);
        }
      }
    }
  }));
  assert.ok(offered > 100, `${offered}`);
});

function processOver(pid: number) {
  const over = { kind: "over", limit: "warning", limitBytes: 1, footprintBytes: 2 } as const;
  return { kind: "process", pid, because: over } as const;
}

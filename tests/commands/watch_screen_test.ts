import assert from "node:assert/strict";
import { FakeProbe, type FakeProcess, GIB } from "../fake.ts";
import { type Controls, type Ran, runFake, type Scene } from "../fake_world.ts";
import { pure } from "../support.ts";

const MINUTE = 60_000;
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";

function openCode(memory: FakeProcess["memory"]): FakeProcess {
  return { pid: 10, name: "opencode", exe: "/b/opencode", argv: ["opencode"], memory };
}

function screenOn(probe: FakeProbe, args: string, scene: Scene = {}): Promise<Ran> {
  const size = { columns: 80, rows: 24 };
  const words = args.split(" ").filter((a) => a);
  return runFake(["watch", ...words], { probe, terminal: true, size, ...scene });
}

/** What each drawing of the screen put on it, line by line. */
function drawings(out: string): string[][] {
  return out.split("\x1b[?2026h\x1b[H").slice(1)
    .map((drawn) => drawn.split("\x1b[J\x1b[?2026l")[0]!.split("\r\n"))
    // deno-lint-ignore no-control-regex
    .map((lines) => lines.map((line) => line.replace(/\x1b\[[\d;]*[mK]/g, "").trimEnd()));
}

pure("a terminal gets a screen, which is left as it was found, and a summary", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = {
    [MINUTE - 1]: () => probe.set([openCode(3 * GIB)]),
    [90_000]: (c: Controls) => c.key("q"),
  };
  const { out, err, code } = await screenOn(probe, "", { script });
  assert.deepEqual([code, err], [0, ""]);
  assert.ok(out.startsWith(ENTER));
  const [screen, rest] = out.split(LEAVE);
  assert.match(
    rest!,
    /^Watched for 1m 30s, 2 looks: 1 instance, 2 events, peak 3 GiB\n {2}found: /,
  );
  const [first, second, ...more] = drawings(screen!);
  assert.equal(more.length, 0);
  assert.match(first![0]!, /^OCMEM OK - 1 OpenCode instance, 1 GiB .*every 1m$/);
  assert.match(second![0]!, /^OCMEM WARNING - /);
  assert.match(second![3]!, /^ 10 +tui +warning +3 GiB +3 GiB /);
  assert.equal(first!.length, 24);
});

pure("r looks at once, and takes no other look's turn", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = {
    [10_000]: (c: Controls) => c.key("r"),
    [20_000]: (c: Controls) => c.key(" "),
    [130_000]: (c: Controls) => c.key("\x03"),
  };
  const { out, code } = await screenOn(probe, "", { script });
  assert.equal(code, 0);
  // At 0, 10, 20, 60 and 120 seconds.
  assert.deepEqual(
    drawings(out).map((lines) => lines[0]!.slice(-20, -10).trim().slice(-2)),
    ["05", "15", "25", "05", "05"],
  );
});

pure("another size of the window draws it anew", async () => {
  const script = {
    [1000]: (c: Controls) => c.resize({ columns: 120, rows: 10 }),
    [2000]: (c: Controls) => c.key("q"),
  };
  const { out } = await screenOn(new FakeProbe([openCode(GIB)]), "", { script });
  const [, second] = drawings(out);
  assert.equal(second!.length, 10);
  assert.equal(second![0]!.length, 120);
});

pure("other keys do nothing; signals end it too", async () => {
  const script = {
    [1000]: (c: Controls) => ["x", "\x1b[A", "\x1b", "é"].forEach((key) => c.key(key)),
    [2000]: (c: Controls) => c.signal("SIGTERM"),
  };
  const { out, code } = await screenOn(new FakeProbe([openCode(GIB)]), "", { script });
  assert.equal(code, 0);
  assert.equal(drawings(out).length, 1);
  assert.ok(out.includes(LEAVE));
});

pure("a terminal that goes away ends it, with or without a signal", async () => {
  for (const signal of [true, false]) {
    const probe = new FakeProbe([openCode(GIB)]);
    const script = {
      [1000]: (c: Controls) => {
        c.hangUp();
        if (signal) c.signal("SIGHUP");
      },
    };
    const { code, err } = await screenOn(probe, "", { script });
    assert.deepEqual([code, err, probe.asked.memory.length], [0, "", signal ? 1 : 2]);
  }
});

pure("the screen is given back when something breaks", async () => {
  const probe = new FakeProbe([openCode(GIB)]);
  const script = {
    [1000]: () => {
      probe.memory = () => {
        throw new Error("bug");
      };
    },
  };
  const { out, err, code } = await screenOn(probe, "", { script });
  assert.equal(code, 70);
  assert.match(err, /This is a bug in ocmem.*bug/);
  assert.ok(out.endsWith(LEAVE));
});

pure("no screen where it can't be: a dumb terminal, a log, no size", async () => {
  const scenes: [string, Scene][] = [
    ["", { env: { TERM: "dumb" } }],
    ["--format log", {}],
    ["", { size: null }],
    ["--json", {}],
  ];
  for (const [args, scene] of scenes) {
    const { out } = await screenOn(new FakeProbe([openCode(GIB)]), `--count 1 ${args}`, scene);
    assert.ok(!out.includes(ENTER));
    assert.match(out, /found/);
  }
});

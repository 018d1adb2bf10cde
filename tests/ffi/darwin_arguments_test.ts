import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeArguments } from "../../src/ffi/darwin_abi.ts";
import { pure } from "../support.ts";
import { argumentArea, nulJoined, utf8 } from "./facts.ts";

/** Decoded without the code under test: UTF-8, invalid bytes as U+FFFD, nothing dropped. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes of a string: anything but NUL. */
function entry(most: number): fc.Arbitrary<Uint8Array> {
  return fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: most })
    .map((bytes) => new Uint8Array(bytes));
}

/** Empty strings more often than chance has them. */
const string = fc.oneof({ weight: 1, arbitrary: fc.constant(new Uint8Array()) }, {
  weight: 2,
  arbitrary: entry(12),
});
const path = entry(40);
const argv = fc.array(string, { maxLength: 8 });
const environment = fc.array(string, { maxLength: 8 });

function area(path: string, argv: readonly string[], environment: readonly string[]): Uint8Array {
  return argumentArea(utf8(path), argv.map(utf8), environment.map(utf8));
}

function argvOf(area: Uint8Array): readonly string[] | undefined {
  return decodeArguments(area)?.argv;
}

pure("too short for a path: nothing", () => {
  assert.equal(decodeArguments(new Uint8Array()), null);
  assert.equal(decodeArguments(new Uint8Array(3)), null);
  assert.equal(decodeArguments(new Uint8Array(4)), null);
  assert.equal(decodeArguments(utf8("\x01\0\0\0/bin/ls")), null);
});

pure("argv is exactly what was passed, whatever the length of the path", () => {
  const lists: readonly (readonly string[])[] = [
    [],
    [""],
    ["opencode"],
    ["opencode", "", "run", ""],
    ["", "opencode"],
    ["", "", "", "", "", "", "", "", "", "a"],
    ["", "", ""],
    ["grüß 𝄞", "\x1b[31m", "a=b", " "],
  ];
  for (let length = 0; length <= 17; length++) {
    for (const argv of lists) {
      const bytes = area("/".repeat(length), argv, ["SECRET=1", "", "HOME=/"]);
      assert.deepEqual(argvOf(bytes), argv, `path of ${length}, ${JSON.stringify(argv)}`);
      assert.deepEqual(decodeArguments(bytes)?.environment, utf8("SECRET=1\0\0HOME=/\0"));
    }
  }
});

/** What reads as a title with environment behind it has tests of its own below. */
function startsWithTitle([first, ...rest]: readonly Uint8Array[]): boolean {
  const isVariable = (bytes: Uint8Array) => /^\w+=/.test(decoder.decode(bytes));
  return (first?.includes(0x20) ?? false) || rest.some(isVariable);
}

pure("argv is exactly what was passed, whatever it and the environment hold", () => {
  fc.assert(
    fc.property(path, argv, environment, (path, argv, environment) => {
      fc.pre(!startsWithTitle(argv));
      const decoded = decodeArguments(argumentArea(path, argv, environment));
      assert.deepEqual(decoded?.argv, argv.map((bytes) => decoder.decode(bytes)));
      assert.deepEqual(decoded?.environment, nulJoined(environment));
    }),
    { numRuns: 500 },
  );
});

pure("an area without an environment has only its arguments", () => {
  fc.assert(
    fc.property(path, argv, (path, argv) => {
      fc.pre(!startsWithTitle(argv));
      const decoded = decodeArguments(argumentArea(path, argv, []));
      assert.deepEqual(decoded?.argv, argv.map((bytes) => decoder.decode(bytes)));
      assert.equal(decoded?.environment.length, 0);
    }),
  );
});

/** Letters that only environments have here, so that one of them in an argument is a leak. */
const letter = fc.constantFrom("X", "Y", "Z");
const secrets = fc.array(fc.array(letter, { maxLength: 8 }).map((c) => utf8(c.join(""))), {
  minLength: 1,
  maxLength: 8,
});
const harmless = fc.array(
  fc.array(fc.constantFrom("a", "b", "é"), { maxLength: 5 }).map((c) => utf8(c.join(""))),
  { maxLength: 6 },
);

pure("an area that is cut anywhere never throws, and gives no byte of the environment", () => {
  fc.assert(
    fc.property(harmless, harmless, secrets, (path, argv, environment) => {
      const whole = argumentArea(nulJoined(path).filter((byte) => byte !== 0), argv, environment);
      const expected = argv.map((bytes) => decoder.decode(bytes));
      for (let length = 0; length <= whole.length; length++) {
        const found = argvOf(whole.subarray(0, length)) ?? [];
        assert.doesNotMatch(found.join(""), /[XYZ]/);
        assert(found.length <= expected.length);
        const complete = found.slice(0, -1);
        assert.deepEqual(complete, expected.slice(0, complete.length));
      }
    }),
  );
});

pure("any bytes at all are decoded without an exception, to argc strings at most", () => {
  const bytes = fc.uint8Array({ minLength: 4, maxLength: 64 });
  fc.assert(
    fc.property(bytes, fc.constantFrom(0, 1, 3, 0x7fffffff, 0xffffffff), (bytes, argc) => {
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, argc, true);
      const argv = argvOf(bytes) ?? [];
      assert(argv.length <= argc && argv.length <= bytes.length);
      assert(argv.every((argument) => argument.isWellFormed()));
    }),
    { numRuns: 500 },
  );
});

pure(
  "a title that a process wrote over its arguments, padded with NULs, hides no environment in it",
  () => {
    const before = ["node", "/usr/local/bin/server", "--port", "80"];
    const bytes = area("/usr/local/bin/node", before, ["SECRET=1"]);
    const at = bytes.indexOf("n".charCodeAt(0), 4 + "/usr/local/bin/node".length);
    bytes.fill(0, at, at + before.join(" ").length + 1);
    bytes.set(utf8("my server"), at);
    assert.deepEqual(argvOf(bytes), ["my server"]);
  },
);

pure(
  "a title that fills the place of all arguments lets none of the environment count as one",
  () => {
    const before = ["node", "/usr/local/bin/npm", "exec", "opencode"];
    const bytes = area("/usr/local/bin/node", before, ["API_KEY=1", "SECRET=1", "HOME=/"]);
    const at = bytes.indexOf("n".charCodeAt(0), 4 + "/usr/local/bin/node".length);
    const title = "npm exec opencode serve".padEnd(before.join(" ").length, "x");
    bytes.set(utf8(title), at);
    assert.deepEqual(argvOf(bytes), [title]);
  },
);

pure("a title without spaces lets none of the environment count as an argument either", () => {
  const bytes = area("/bin/node", ["node", "x"], ["SECRET=1", "HOME=/"]);
  const at = bytes.indexOf("n".charCodeAt(0), 4 + "/bin/node".length);
  bytes.set(utf8("worker"), at);
  assert.deepEqual(argvOf(bytes), ["worker"]);
  // Variables as arguments are arguments where the program is named.
  const argv = ["make", "CC=gcc", "V=1"];
  for (const path of ["/usr/bin/make", "make"]) {
    assert.deepEqual(argvOf(area(path, argv, ["SECRET=1"])), argv);
  }
});

pure("a program with spaces in its path keeps all of its arguments", () => {
  const path = "/Applications/OpenCode.app/Contents/MacOS/OpenCode Helper";
  for (const first of [path, "OpenCode Helper"]) {
    const argv = [first, "--type=utility", "", "A=b"];
    assert.deepEqual(argvOf(area(path, argv, ["SECRET=1"])), argv);
    assert.deepEqual(argvOf(area(path, [first, "", "A=b"], ["SECRET=1"])), [first, "", "A=b"]);
  }
});

pure("the area may lie anywhere in a larger buffer", () => {
  const bytes = area("/bin/a", ["", "b"], ["SECRET=1"]);
  const larger = new Uint8Array(bytes.length + 20).fill(0xa5);
  larger.set(bytes, 7);
  assert.deepEqual(argvOf(larger.subarray(7, 7 + bytes.length)), ["", "b"]);
});

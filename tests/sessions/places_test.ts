/** Where a server is asked: what its arguments say, and where its process listens. */

import assert from "node:assert/strict";
import type { Port } from "../../src/detail.ts";
import { placesOf } from "../../src/sessions/places.ts";
import { pure } from "../support.ts";

/** `opencode serve` with these arguments. */
function argv(args: string): readonly string[] {
  return ["opencode", "serve", ...args.split(" ").filter((word) => word)];
}

/** `127.0.0.1:80 ::1:81` */
function ports(text: string): readonly Port[] {
  return text.split(" ").filter((word) => word).map((word) => {
    const colon = word.lastIndexOf(":");
    return { address: word.slice(0, colon), port: Number(word.slice(colon + 1)) };
  });
}

function told(args: string, listening: string | null): string {
  return placesOf(argv(args), listening === null ? null : ports(listening))
    .map(({ host, port }) => `${host}:${port}`).join(" ");
}

pure("where nobody knows its ports, its arguments tell, or nothing does", () => {
  assert.equal(told("--port 4096", null), "127.0.0.1:4096");
  assert.equal(told("--port 4096 --hostname ::", null), "::1:4096");
  for (const args of ["", "--port 0", "--port 4096 --hostname 192.168.1.5"]) {
    assert.equal(told(args, null), "", args);
  }
});

pure("where its ports are known, it is asked only where it listens", () => {
  // Somebody else may be at 4096.
  assert.equal(told("--port 4096", ""), "");
  assert.equal(told("--port 4096", "127.0.0.1:5000"), "127.0.0.1:5000");
  assert.equal(told("", "127.0.0.1:5000"), "127.0.0.1:5000");
  assert.equal(told("--port 0", "::1:5000"), "::1:5000");
  // The port is its own, and so is the address.
  assert.equal(told("--port 4096 --hostname ::1", "127.0.0.1:4096"), "127.0.0.1:4096");
});

pure("only what this machine alone can reach is asked, and all of its addresses are", () => {
  assert.equal(told("", "0.0.0.0:1"), "127.0.0.1:1");
  assert.equal(told("", ":::1"), "::1:1");
  const others = "192.168.1.5:4096 10.0.0.1:1 fe80::1:2 127.0.0.2:3 2001:db8::1:4 evil.example:5";
  assert.equal(told("--port 4096", others), "");
  assert.equal(told("--port 4096 --hostname 192.168.1.5", others), "");
  assert.equal(told("--port 4096", `${others} 127.0.0.1:6`), "127.0.0.1:6");
});

pure("the port of its arguments first, then the others; a port once, three at most", () => {
  const many = "127.0.0.1:1 127.0.0.1:2 127.0.0.1:3 127.0.0.1:4096";
  assert.equal(told("", many), "127.0.0.1:1 127.0.0.1:2 127.0.0.1:3");
  assert.equal(told("--port 4096", many), "127.0.0.1:4096 127.0.0.1:1 127.0.0.1:2");
  assert.equal(told("", "127.0.0.1:7 ::1:7 0.0.0.0:7"), "127.0.0.1:7");
  assert.equal(told("--port 7 --hostname ::1", "127.0.0.1:7 ::1:7"), "::1:7");
});

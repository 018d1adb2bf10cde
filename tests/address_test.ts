/** Where a server listens. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { isLoopback, parseAddress, writeAddress } from "../src/address.ts";
import { pure } from "./support.ts";

pure("hosts and ports, and how they are written again", () => {
  const cases: Readonly<Record<string, readonly [host: string, port: number]>> = {
    "127.0.0.1:4097": ["127.0.0.1", 4097],
    "[::1]:4097": ["::1", 4097],
    "localhost:0": ["localhost", 0],
    "0.0.0.0:65535": ["0.0.0.0", 65_535],
    "[::]:1": ["::", 1],
    "[2001:db8::1]:80": ["2001:db8::1", 80],
    "[::ffff:127.0.0.1]:80": ["::ffff:127.0.0.1", 80],
    "my-box.example:80": ["my-box.example", 80],
  };
  for (const [text, [host, port]] of Object.entries(cases)) {
    assert.deepEqual(parseAddress(text), { host, port }, text);
    assert.equal(writeAddress({ host, port }), text);
  }
});

pure("names are the same in capitals", () => {
  assert.deepEqual(parseAddress("LocalHost:80"), { host: "localhost", port: 80 });
  assert.deepEqual(parseAddress("[2001:DB8::A]:80"), { host: "2001:db8::a", port: 80 });
});

pure("what names no address", () => {
  const none = [
    ...[
      "",
      ":",
      ":80",
      "127.0.0.1",
      "127.0.0.1:",
      "localhost",
      "80",
      "::1:80",
      "::1",
      "[::1]",
      "[]:80",
    ],
    ...["[127.0.0.1:80", "127.0.0.1]:80", "localhost:65536", "localhost:99999", "localhost:100000"],
    ...[
      "localhost:-1",
      "localhost:+1",
      "localhost:8.0",
      "localhost:0x50",
      "localhost:80 ",
      " localhost:80",
    ],
    ...[
      "localhost:80\n",
      "http://localhost:80",
      "localhost:80/",
      "user@host:80",
      "a b:80",
      "[::1%eth0]:80",
    ],
    ...["*:80", "host:٨٠", "höst:80", "[g::1]:80"],
  ];
  for (const text of none) assert.equal(parseAddress(text), null, JSON.stringify(text));
});

pure("only what nobody else can reach is a loopback", () => {
  for (const host of ["localhost", "::1", "127.0.0.1", "127.255.255.254", "127.1.2.3"]) {
    assert.ok(isLoopback(host), host);
  }
  const others = [
    ...[
      "0.0.0.0",
      "::",
      "192.168.0.1",
      "128.0.0.1",
      "1.127.0.0.1",
      "127.0.0.1.example",
      "localhost.example",
    ],
    ...[
      "my-localhost",
      "127.0.0",
      "127.1",
      "::ffff:127.0.0.1",
      "::2",
      "",
      "127.0.0.256",
      "127.999.0.1",
    ],
    ...["127.0.0.1\n", "127..0.1", "127.0.0.0x1"],
  ];
  for (const host of others) assert.ok(!isLoopback(host), host);
});

pure("any address that is understood is written as one that means the same", () => {
  const part = fc.constantFrom(..."0123456789abcdefF:.[]-_ghosT");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }).map((parts) => parts.join("")), (text) => {
      const address = parseAddress(text);
      if (address) assert.deepEqual(parseAddress(writeAddress(address)), address);
    }),
  );
});

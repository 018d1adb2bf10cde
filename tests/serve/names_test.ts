import assert from "node:assert/strict";
import { isOwnName, parseAuthority, parseOrigin } from "../../src/serve/names.ts";
import { pure } from "../support.ts";

pure("an authority is a name or an address, and a port", () => {
  const cases: [string, string, number][] = [
    ["localhost", "localhost", 80],
    ["LocalHost:4097", "localhost", 4097],
    ["127.0.0.1:65535", "127.0.0.1", 65_535],
    ["[::1]:4097", "[::1]", 4097],
    ["[0:0:0:0:0:0:0:1]", "[::1]", 80],
    ["[::FFFF:127.0.0.1]:1", "[::ffff:7f00:1]", 1],
    ["my_box.example-1.org:0", "my_box.example-1.org", 0],
  ];
  for (const [text, host, port] of cases) {
    assert.deepEqual(parseAuthority(text), { host, port }, text);
  }
});

pure("what is no authority is none", () => {
  const texts = [
    ...["", ":", ":80", "localhost:", "localhost:x", "localhost:65536", "localhost:123456"],
    ...["localhost, localhost", "localhost localhost", " localhost", "localhost ", "a\tb"],
    ...["user@localhost", "http://localhost", "localhost/", "localhost?", "localhost#", "a\\b"],
    ...["::1", "[::1", "::1]", "[]", "[:::1]", "[1.2.3.4]", "[::1%25eth0]", "[g::1]", "[::1]x"],
    ...["münchen", "%6cocalhost", "localhost\0", "localhost\n", "*", "a".repeat(254)],
  ];
  for (const text of texts) assert.equal(parseAuthority(text), null, JSON.stringify(text));
});

pure("an origin is that of a web page", () => {
  assert.deepEqual(parseOrigin("http://localhost:4097"), { host: "localhost", port: 4097 });
  assert.deepEqual(parseOrigin("http://localhost"), { host: "localhost", port: 80 });
  assert.deepEqual(parseOrigin("HTTPS://Localhost"), { host: "localhost", port: 443 });
  for (
    const text of [
      ...["null", "", "localhost", "file://", "ftp://localhost", "chrome-extension://abc"],
      ...["http://localhost/", "http://localhost/x", "http://a@localhost", "http://"],
      ...["http://localhost, http://localhost", "javascript:x", "http:localhost"],
    ]
  ) {
    assert.equal(parseOrigin(text), null, text);
  }
});

pure("on loopback nobody but this machine has these names", () => {
  for (const listen of ["127.0.0.1", "localhost", "::1", "127.8.0.1"]) {
    const naming = { listen, machine: "mybox.example.org" };
    for (const host of ["localhost", "127.0.0.1", "127.255.1.2", "[::1]"]) {
      assert.equal(isOwnName(host, naming), true, host);
    }
    for (
      const host of [
        ...["evil.example", "localhost.evil.example", "localhost.", "foo.localhost", "mybox"],
        ...["mybox.example.org", "192.168.1.5", "0.0.0.0", "[::]", "[::2]", "[::ffff:7f00:1]"],
        ...[
          "127.1",
          "127.0.0.256",
          "127.0.0.01",
          "127.0.0.1.evil.example",
          "127.0.0.1.",
          "2130706433",
        ],
        ...["0x7f.0.0.1", "127.0.0", "127.0.0.1.1", "127.evil.example.org", "", "[127.0.0.1]"],
      ]
    ) {
      assert.equal(isOwnName(host, naming), false, host);
    }
  }
});

pure("elsewhere any address, the name that was given, and the machine's own", () => {
  const naming = { listen: "mon.lan", machine: "MyBox.example.org" };
  for (
    const host of [
      ...[
        "localhost",
        "127.0.0.1",
        "192.168.1.5",
        "10.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[2001:db8::1]",
      ],
      ...["mon.lan", "mybox.example.org", "mybox", "mybox.local"],
    ]
  ) {
    assert.equal(isOwnName(host, naming), true, host);
  }
  for (
    const host of [
      ...["evil.example", "mybox.evil.example", "mybox.example", "mybox.local.evil.example", "lan"],
      ...[
        "mon",
        "mon.lan.",
        "example.org",
        "x.mybox",
        "1.2.3.4.evil.example",
        "1.2.3.400",
        "local",
      ],
    ]
  ) {
    assert.equal(isOwnName(host, naming), false, host);
  }
});

pure("a machine without a name has none that could be guessed", () => {
  const naming = { listen: "0.0.0.0", machine: "" };
  for (const host of ["", ".local", "local", "evil.local"]) {
    assert.equal(isOwnName(host, naming), false, host);
  }
  assert.equal(isOwnName("192.168.1.5", naming), true);
  assert.equal(isOwnName("box.local", { listen: "0.0.0.0", machine: "box.local" }), true);
});

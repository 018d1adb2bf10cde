/** How executables for macOS are signed: release/sign.sh and its steps, with stand-ins for Apple's programs. */

import assert from "node:assert/strict";
import { hasProgram, live, ROOT } from "../support.ts";
import { Runner } from "./runner.ts";

const SHELL = { bash: hasProgram("bash"), jq: hasProgram("jq") };
const PLIST = `${ROOT}release/entitlements.plist`;
/** What `security find-identity` prints of one identity. */
const IDENTITY = "0123456789ABCDEF0123456789ABCDEF01234567";
const FOUND =
  `  1) ${IDENTITY} "Developer ID Application: Ann (TEAM)"\n     1 valid identities found`;
const SECRETS = { CERTIFICATE: btoa("the certificate"), CERTIFICATE_PASSWORD: "a password" };

/** Makes JSON of the last file named, as `plutil -convert json` does, if all its values are true. */
const PLUTIL = `file=\${!#}
if [ "$file" = - ]; then file=/dev/stdin; fi
sed -n 's:.*<key>\\(.*\\)</key>.*:\\1:p' "$file" | jq -R '{(.): true}' | jq -s add`;

/** With codesign, which says that the entitlements of `signed` are in it, and plutil. */
function signer(signed: string): Runner {
  const runner = new Runner([]);
  runner.standIn(
    "codesign",
    `case "$*" in
      *--xml*) cat '${signed}' ;;
      --display*) echo 'CodeDirectory v=20500 flags=0x10002(adhoc,runtime)' >&2 ;;
    esac`,
  );
  runner.standIn("plutil", PLUTIL);
  return runner;
}

live(
  "a signature has the hardened runtime and its entitlements; a real one its time",
  SHELL,
  async () => {
    using runner = signer(PLIST);
    const signing = ["--identifier", "ocmem", "--options", "runtime"];
    const rest = ["--entitlements", PLIST, "dist/it"];
    const adHoc = await runner.run("bash", [`${ROOT}release/sign.sh`, "dist/it", ""]);
    assert.equal(adHoc.code, 0, adHoc.stderr);
    const [first, second] = runner.calls();
    assert.deepEqual(first, ["codesign", "--force", "--sign", "-", ...signing, ...rest]);
    assert.deepEqual(second!.slice(0, 3), ["codesign", "--verify", "--strict"]);

    Deno.removeSync(runner.path("calls"));
    await runner.run("bash", [`${ROOT}release/sign.sh`, "dist/it", IDENTITY]);
    const real = ["--force", "--sign", IDENTITY, ...signing, "--timestamp", ...rest];
    assert.deepEqual(runner.calls()[0], ["codesign", ...real]);
  },
);

live("a signature without its entitlements is refused", SHELL, async () => {
  using runner = signer("/dev/null");
  const { code, stderr } = await runner.run("bash", [`${ROOT}release/sign.sh`, "dist/it"]);
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot sign dist\/it: in it are other entitlements .*: null$/m);
});

live("an identity is taken from its secret, leaves no file, and is forgotten", SHELL, async () => {
  using runner = new Runner([]);
  runner.standIn("uuidgen", "echo some-uuid");
  const kept = runner.path("imported");
  const body = `case $1 in import) cp "$2" '${kept}' ;; find-identity) echo '${FOUND}' ;; esac`;
  runner.standIn("security", body);
  const took = await runner.step("build", "Take the identity", SECRETS);
  assert.equal(took.code, 0, took.stderr);
  assert.equal(runner.read("env"), `IDENTITY=${IDENTITY}\n`);
  assert.equal(runner.read("imported"), "the certificate");
  assert.deepEqual(runner.list("temp"), []);
  assert.doesNotMatch(took.stdout + took.stderr, /a password|the certificate|some-uuid/);

  runner.write("temp/notary.p8", "the key");
  assert.equal((await runner.step("build", "Forget the identity")).code, 0);
  assert.deepEqual(runner.list("temp"), []);
  const keychain = runner.path("temp/release.keychain-db");
  assert.deepEqual(runner.calls().at(-1), ["security", "delete-keychain", keychain]);

  runner.standIn("security", "");
  const { code, stdout } = await runner.step("build", "Take the identity", SECRETS);
  assert.equal(code, 1);
  assert.match(stdout, /^::error::Cannot sign: MACOS_CERTIFICATE has no valid Developer ID/m);
});

live("notarised is what Apple accepts, whatever notarytool's exit code", SHELL, async () => {
  using runner = new Runner([]);
  runner.standIn("ditto");
  const secrets = { NOTARY_KEY: "the key", NOTARY_KEY_ID: "K", NOTARY_ISSUER: "I", PROGRAM: "it" };
  const answers: [string, number][] = [
    ['{"id":"one-id","status":"Accepted"}', 0],
    ["", 1],
    ['{"id":"one-id","status":"In Progress"}', 1],
    ['{"id":"one-id","status":"Invalid"}', 1],
  ];
  for (const [answer, wanted] of answers) {
    runner.standIn("xcrun", `[ $2 = log ] || echo '${answer}'`);
    const { code, stdout } = await runner.step("build", "Notarise", secrets);
    assert.equal(code, wanted, answer);
    assert.doesNotMatch(stdout, /the key/);
  }
  const log = ["xcrun", "notarytool", "log", "one-id", "--key", runner.path("temp/notary.p8")];
  assert.deepEqual(runner.calls().at(-1)!.slice(0, 6), log);
});

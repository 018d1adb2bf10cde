/** Lines of crontab, run by the real cron. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { cronLines } from "../../src/service/cron.ts";
import { live, temporaryFolder } from "../support.ts";
import { HOSTILE, hostileName, hostileWord, samples } from "./hostile.ts";
import { DEBIAN, inOwnSystem, mayHaveOwnSystem, UNTIL } from "./own_system.ts";

/** A crontab's lines run at once with @reboot: a cron that starts takes that for the machine's start. */
const SCRIPT = `${UNTIL}
mount -t tmpfs none /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
mount -t tmpfs none /etc/cron.d
mount --bind /dev/null /etc/crontab
crontab "$1"
cron -f &
all_told() { [ "$(ls "$2" | wc -l)" -eq "$3" ]; }
until_ok all_told "$@"
`;

live("cron: the real one starts every program with its words", {
  root: mayHaveOwnSystem(),
  ...DEBIAN,
}, async () => {
  using folder = temporaryFolder();
  const told = `${folder.path}/told`;
  Deno.mkdirSync(told);
  const names = [...HOSTILE.filter((name) => name !== ""), ...samples(hostileName, 10)];
  const words = [HOSTILE.slice(0, 20), HOSTILE.slice(20), ...samples(fc.array(hostileWord), 10)];
  const commands = names.map((name, i) => [
    `${folder.path}/${name.replaceAll("/", "-")}`,
    String(i),
    ...words[i % words.length]!,
  ]);
  // Written beside, then moved: what is there is whole.
  const program = `#!/bin/sh
printf '%s\\0' "$0" "$@" >"${folder.path}/making.$1"
mv "${folder.path}/making.$1" "${told}/$1"
`;
  for (const [path] of commands) Deno.writeTextFileSync(path!, program, { mode: 0o755 });
  const lines = commands.map((command) =>
    cronLines({ kind: "check", command, everyMs: 60_000 }).replace("\n* * * * * ", "\n@reboot ")
  );
  const tab = `${folder.path}/tab`;
  Deno.writeTextFileSync(tab, lines.join(""));
  const outcome = await inOwnSystem(SCRIPT, [tab, told, String(commands.length)], {});
  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  for (const [i, command] of commands.entries()) {
    assert.deepEqual(Deno.readTextFileSync(`${told}/${i}`).split("\0"), [...command, ""]);
  }
});

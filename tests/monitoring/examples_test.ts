/** The examples, by the checkers of whoever reads them. */

import assert from "node:assert/strict";
import { finished } from "../live/command_line.ts";
import { hasProgram, live, ROOT, temporaryFolder } from "../support.ts";

const PROMTOOL = { promtool: hasProgram("promtool") };

/** The folder as somebody would have it, with the secrets that are no part of it. */
function withSecrets(): Disposable & { readonly path: string } {
  const folder = temporaryFolder();
  for (const { name } of Deno.readDirSync(`${ROOT}monitoring`)) {
    Deno.copyFileSync(`${ROOT}monitoring/${name}`, `${folder.path}/${name}`);
  }
  for (const name of ["ocmem-token", "ocmem-password"]) {
    Deno.writeTextFileSync(`${folder.path}/${name}`, "secret\n");
  }
  return folder;
}

for (
  const [file, args] of [
    ["alerts.yml", ["check", "rules", "--lint=all", "--lint-fatal"]],
    ["prometheus.yml", ["check", "config", "--lint=all", "--lint-fatal"]],
    ["prometheus-agent.yml", ["check", "config", "--agent"]],
  ] as const
) {
  live(`promtool has nothing to say of ${file}`, PROMTOOL, async () => {
    using folder = withSecrets();
    const ran = await finished("promtool", [...args, `${folder.path}/${file}`]);
    assert.deepEqual([ran.code, ran.stderr], [0, ""], ran.stdout);
  });
}

live(
  "amtool has nothing to say of alertmanager.yml",
  { amtool: hasProgram("amtool") },
  async () => {
    const ran = await finished("amtool", ["check-config", `${ROOT}monitoring/alertmanager.yml`]);
    assert.deepEqual([ran.code, ran.stderr], [0, ""], ran.stdout);
  },
);

live("every alert has its severity, and says what it is and what to do", {}, () => {
  const rules = Deno.readTextFileSync(`${ROOT}monitoring/alerts.yml`);
  const alerts = rules.split(/\n +- (?=alert:|record:)/).filter((rule) =>
    rule.startsWith("alert:")
  );
  assert.ok(alerts.length > 10);
  for (const alert of alerts) {
    for (const key of ["expr:", "for:", "summary:", "description:"]) {
      assert.ok(alert.includes(` ${key} `), `${key} ${alert}`);
    }
    assert.match(alert, / severity: (?:info|warning|critical)\n/);
  }
});

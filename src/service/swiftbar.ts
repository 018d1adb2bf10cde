/** A plugin for SwiftBar, and for xbar and Argos, which read the same. */

import { writeDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { type Job, MARKER } from "./job.ts";
import { shellWord } from "../shell_word.ts";

/** Units of the interval in a plugin's file name. xbar has no milliseconds. */
const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000]] as const;

/** The plugin's file name, which holds its interval. Throws a UsageError for a part of a second. */
export function pluginName(name: string, everyMs: number): string {
  const unit = UNITS.find(([, ms]) => everyMs % ms === 0);
  if (unit && everyMs > 0) return `${name}.${everyMs / unit[1]}${unit[0]}.sh`;
  throw new UsageError(
    `Cannot use --interval ${writeDuration(everyMs)} with swiftbar: expected whole seconds`,
  );
}

/**
 * The plugin. The exit code of check is a verdict; of a plugin, any but 0 is an error, and no output is
 * no entry in the menu bar. So check's output is passed on, and 0 returned; where it fails without any,
 * its first line of error is shown, without what would make parameters of it.
 */
export function swiftbarPlugin({ command, everyMs }: Job, name: string, version: string): string {
  return `#!/bin/sh
# ${MARKER}: save it as ${pluginName(name, everyMs)} in the plugin folder, and make it
# executable with chmod +x.
# <xbar.title>OpenCode memory</xbar.title>
# <xbar.version>v${version}</xbar.version>
# <xbar.author>ocmem</xbar.author>
# <xbar.desc>The memory that OpenCode's processes hold, judged by ocmem check.</xbar.desc>
# <xbar.dependencies>ocmem</xbar.dependencies>

# Standard output is for the menu alone; what is said besides is kept for the case of trouble.
exec 3>&1
trouble=$({
  menu=$(${command.map(shellWord).join(" ")})
  code=$?
  [ -z "$menu" ] && exit "$code"
  printf '%s\\n' "$menu" >&3
} 2>&1) && exit 0

first=$(printf '%s\\n' "$trouble" | head -n 1 | LC_ALL=C tr '|' '/' | LC_ALL=C tr -d '[:cntrl:]')
printf '⚠️ ocmem\\n---\\n%s\\n' "\${first:-ocmem has failed and said nothing}"
`;
}

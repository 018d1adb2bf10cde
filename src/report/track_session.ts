/** The session that is tracked, as a sentence. */

import type { TrackedSession } from "./track.ts";

export function saySessionTracked({ id, title, certainty, instances }: TrackedSession): string {
  const session = title === null ? `Session ${id}` : `Session ${id} "${title}"`;
  switch (certainty) {
    case "certain":
      return `${session} is held by what is tracked: its arguments name it`;
    case "likely":
      return `${session} is likely held by what is tracked: it was active there, where no other ` +
        "instance runs";
    case "shared":
      return instances.length === 1
        ? `${session} is shared: what is tracked may hold it, and so may others`
        : `${session} is shared: ${instances.length} instances may hold it, and all are tracked`;
  }
}

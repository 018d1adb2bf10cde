/** What is told of sessions, once there was time for all of it. */

interface Notes {
  readonly notes: readonly string[];
}

/** What a note says where the machine, or OpenCode, was too busy: the next time it may not be. */
const BUSY = /does not answer in time|were looked at|is writing to it/;
const TRIES = 50;

/** Notes of a pid or a folder: other OpenCodes of this machine may have theirs. */
export function notesOf({ notes }: Notes, ...names: readonly (string | number)[]): string[] {
  return notes.filter((note) => names.some((name) => note.includes(`${name}`)));
}

/** What is told when nothing was too busy that concerns these pids and folders. */
export async function calmly<T extends Notes>(
  tell: () => Promise<T>,
  ...names: readonly (string | number)[]
): Promise<T> {
  for (let i = 1;; i++) {
    const told = await tell();
    if (i === TRIES || !notesOf(told, ...names).some((note) => BUSY.test(note))) return told;
  }
}

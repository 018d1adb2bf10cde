/** Why sessions of a file, or of a server, are not known. The message is a part of a sentence. */
export class Trouble extends Error {
  override readonly name = "Trouble";
}

/** The file is not what SQLite writes. */
export function damaged(what: string): Trouble {
  return new Trouble(`it is damaged (${what})`);
}

/** Of a file that somebody writes to while it is read, whatever comes of it is no bug of ours. */
export function reasonOf(error: unknown): string {
  return error instanceof Trouble ? error.message : "it is damaged";
}

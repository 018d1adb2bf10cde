/** The ways a command can fail, and the exit code of each. Trouble with one process is data, not an error. */

/** Something in the command line is not understood. The message names the flag and what is accepted. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** This machine lacks what the command needs. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** A call into the system's library failed in a way that leaves nothing to go on with. */
export class NativeError extends Error {
  override readonly name = "NativeError";
}

/** A file can't be created or opened. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Something in the options file is not understood. The message names file, line and key. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The output could not be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/**
 * What is wrong with a database: the file is not there (`missing`), can't be opened or written
 * (`denied`), was written by another program (`foreign`) or a newer ocmem (`newer`), does not hold
 * what it should (`damaged`); another process writes for too long (`busy`); the disk is full (`full`);
 * or reading and writing fails otherwise (`failed`).
 */
export type DatabaseTrouble =
  | "missing"
  | "denied"
  | "foreign"
  | "newer"
  | "damaged"
  | "busy"
  | "full"
  | "failed";

/** A database can't be used. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";

  constructor(readonly trouble: DatabaseTrouble, message: string) {
    super(message);
  }
}

/** Exit code UNKNOWN of monitoring plugins. */
export const EXIT_UNKNOWN = 3;

/**
 * The exit code for an error: of `check`, always 3, so that a failure never reads as a verdict;
 * elsewhere those of sysexits.h: 64 usage, 69 unavailable, 70 internal error, 73 can't create a file,
 * 74 input or output, 78 configuration.
 */
export function exitCodeOf(error: unknown, command: string): number {
  if (command === "check") return EXIT_UNKNOWN;
  if (error instanceof UsageError) return 64;
  if (error instanceof UnsupportedError || error instanceof NativeError) return 69;
  if (error instanceof FileError) return 73;
  if (error instanceof DatabaseError) return error.trouble === "missing" ? 69 : 74;
  if (error instanceof OutputError) return 74;
  if (error instanceof ConfigError) return 78;
  return 70;
}

const EXPECTED = [
  UsageError,
  UnsupportedError,
  NativeError,
  FileError,
  OutputError,
  ConfigError,
  DatabaseError,
] as const;

/** True for the errors above: their message says all; anything else is a bug and shows its stack. */
export function isExpected(error: unknown): error is Error {
  return EXPECTED.some((kind) => error instanceof kind);
}

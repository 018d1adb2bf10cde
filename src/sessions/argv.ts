/** What the arguments of an OpenCode process say of its sessions and of its server. */

/** As OpenCode makes them (`ses_` and base 62). */
const SESSION_ID = /^ses_[A-Za-z0-9]{1,64}$/;
/** Addresses of this machine that it can be asked at, and those of all its addresses. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ["127.0.0.1", "127.0.0.1"],
  ["localhost", "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::1", "::1"],
  ["[::1]", "::1"],
  ["::", "::1"],
  ["[::]", "::1"],
]);

/** Where a server is asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The session that a process was told to go on with, or null. A fork of it is another one. */
export function namedSession(commandLine: readonly string[]): string | null {
  const args = flagsOf(commandLine);
  if (has(args, "--fork")) return null;
  const [id, ...others] = [...valuesOf(args, "--session"), ...valuesOf(args, "-s")];
  return id !== undefined && others.length === 0 && SESSION_ID.test(id) ? id : null;
}

/** Whether a process was told of any session, be it as it may. */
export function namesSession(commandLine: readonly string[]): boolean {
  const args = flagsOf(commandLine);
  return has(args, "--session") || has(args, "-s");
}

/** Whether a process was told to go on with the last session of its directory. */
export function continues(commandLine: readonly string[]): boolean {
  const args = flagsOf(commandLine);
  return (has(args, "--continue") || has(args, "-c")) && !has(args, "--fork");
}

/** Whether its sessions are another server's. */
export function isAttached(commandLine: readonly string[]): boolean {
  return has(flagsOf(commandLine), "--attach");
}

/** Where a server that listens at an address is asked, or null if this machine alone can't reach it. */
export function loopbackOf(address: string): string | null {
  return LOOPBACK.get(address) ?? null;
}

/**
 * Where this process says that its server listens, if that is on this machine. null without a port of
 * its own: which one it has then is not known.
 */
export function placeOf(commandLine: readonly string[]): Place | null {
  const args = flagsOf(commandLine);
  const port = Number(valuesOf(args, "--port").at(-1) ?? 0);
  const host = loopbackOf(valuesOf(args, "--hostname").at(-1) ?? "127.0.0.1");
  if (host === null || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  return { host, port };
}

function flagsOf(commandLine: readonly string[]): readonly string[] {
  const end = commandLine.indexOf("--");
  return end < 0 ? commandLine : commandLine.slice(0, end);
}

function has(args: readonly string[], name: string): boolean {
  return args.some((arg) => arg === name || arg === `${name}=true` || isValued(arg, name));
}

/** `--attach=http://…`; a switch that is turned off is not one. */
function isValued(arg: string, name: string): boolean {
  return arg.startsWith(`${name}=`) && arg !== `${name}=false`;
}

function valuesOf(args: readonly string[], name: string): string[] {
  return args.flatMap((arg, i) => {
    if (arg === name) return args[i + 1] === undefined ? [] : [args[i + 1]!];
    return arg.startsWith(`${name}=`) ? [arg.slice(name.length + 1)] : [];
  });
}

/** By which names a request may call the server: any other may be a stranger's name for this machine. */

import { isLoopback } from "../address.ts";

/** What the server is called. */
export interface Naming {
  /** Where it listens: a name or an IP address. */
  readonly listen: string;
  /** The machine's name in the network, or "". */
  readonly machine: string;
}

/** Where a URL or a Host header leads. */
export interface Authority {
  /** A name in lower case, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
}

const AUTHORITY = /^(?:(\[[0-9a-fA-F:.]{2,45}\])|([\w.-]{1,253}))(?::(\d{1,5}))?$/;
export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;

/** The authority that a text names, or null if it names none. */
export function parseAuthority(text: string, defaultPort: number = HTTP_PORT): Authority | null {
  const [whole, bracketed, name, digits] = AUTHORITY.exec(text) ?? [];
  if (whole === undefined) return null;
  const port = digits === undefined ? defaultPort : Number(digits);
  const host = bracketed === undefined ? name!.toLowerCase() : shortest(bracketed);
  return host === null || port > 65_535 ? null : { host, port };
}

/** The one way to write an IPv6 address, or null if it is none. */
function shortest(bracketed: string): string | null {
  try {
    return new URL(`http://${bracketed}/`).hostname;
  } catch {
    return null;
  }
}

/** Where the origin of a page is, `http://localhost:4097`, or null if it is no web page. */
export function parseOrigin(text: string): Authority | null {
  const [, scheme, authority] = /^(https?):\/\/([^/?#]*)$/i.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) return null;
  return parseAuthority(authority, scheme.toLowerCase() === "http" ? HTTP_PORT : HTTPS_PORT);
}

/**
 * Whether the server is called so. A page from elsewhere can have its own name lead to this machine, and
 * is then of the same origin (DNS rebinding): so names are those that only we can have. An address is no
 * name, and can't be made to lead elsewhere.
 */
export function isOwnName(host: string, { listen, machine }: Naming): boolean {
  if (host === "localhost") return true;
  if (isLoopback(listen)) return host === "[::1]" || (isIpv4(host) && host.startsWith("127."));
  if (host.startsWith("[") || isIpv4(host)) return true;
  return [listen, ...namesOf(machine)].some((name) => name.toLowerCase() === host);
}

/** The machine's name, its first part, and that in a network without a name server. */
function namesOf(machine: string): readonly string[] {
  const [short = ""] = machine.split(".");
  return short === "" ? [] : [machine, short, `${short}.local`];
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

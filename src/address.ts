/** Where a server listens: `127.0.0.1:4097`, `[::1]:4097`, `localhost:0`. */

export interface Address {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** What is accepted, for messages. */
export const ADDRESS_FORMS = "HOST:PORT, such as 127.0.0.1:4097, [::1]:4097 or localhost:0";

const LARGEST_PORT = 65_535;

/** The address that a text names, or null if it names none. */
export function parseAddress(text: string): Address | null {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3] ?? NaN);
  return host !== undefined && port <= LARGEST_PORT ? { host: host.toLowerCase(), port } : null;
}

/** The address as it is written, and as it stands in a URL. */
export function writeAddress({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** 127.0.0.0/8 (RFC 1122, 3.2.1.3). With a larger number it is a name, and leads anywhere. */
const LOOPBACK = /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || LOOPBACK.test(host);
}

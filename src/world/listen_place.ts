/** Where a server can listen: the address that a name stands for, or why there is none. */

import { UnsupportedError } from "../errors.ts";

/** An IP address, and a port as it was asked for. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Where `host` and `port` lead to. Throws an UnsupportedError if nobody can listen there. */
export function placeOf(host: string, port: number): Place {
  const address = addressOf(host, port);
  // For the runtime a name and what it stands for are two grants.
  const { state } = Deno.permissions.querySync({ name: "net", host: written(address, port) });
  if (state !== "granted") throw cannot(host, port, notGranted([host, address]));
  return { host: address, port };
}

/**
 * Listens for a moment: the runtime tells only of a listener of its own what is wrong. From
 * `node:http` a missing grant would reach nobody.
 */
function addressOf(host: string, port: number): string {
  let listener: Deno.TcpListener | null = null;
  try {
    listener = Deno.listen({ hostname: host, port });
    return listener.addr.hostname;
  } catch (error) {
    throw refused(host, port, error);
  } finally {
    listener?.close();
  }
}

/** Why nobody can listen there, and what would help. */
export function refused(host: string, port: number, error: unknown): UnsupportedError {
  if (error instanceof Deno.errors.NotCapable) return cannot(host, port, notGranted([host]));
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const free = `--listen ${written(host, 0)} takes a free port`;
  switch (code) {
    case "EADDRINUSE":
      return cannot(host, port, `another program listens there, maybe another ocmem. ${free}`);
    case "EACCES":
    case "EPERM":
      return cannot(host, port, `this user may not use port ${port}. ${free}`);
    case "EADDRNOTAVAIL": {
      const help = "--listen 127.0.0.1:0 is for this machine alone, 0.0.0.0:0 for all its networks";
      return cannot(host, port, `that is no address of this machine. ${help}`);
    }
  }
  const isName = message.includes("lookup");
  const unknown = "no address is known by that name. --listen 127.0.0.1:0 needs none";
  return cannot(host, port, isName ? unknown : message);
}

function cannot(host: string, port: number, reason: string): UnsupportedError {
  return new UnsupportedError(`Cannot listen on ${written(host, port)}: ${reason}`);
}

function notGranted(hosts: readonly string[]): string {
  const grants = hosts.map((host) => written(host, 0).replace(/:0$/, ""));
  return `it is not granted. Run deno with --allow-net=${grants.join(",")}`;
}

/** As it stands in a URL. */
function written(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A server of HTTP on `node:http`: the runtime's own has no limits on connections, sizes and times. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Listening, Server, ServerAnswer, ServerRequest } from "../world.ts";
import { placeOf, refused } from "./listen_place.ts";
import { openStream } from "./listen_stream.ts";

type Socket = IncomingMessage["socket"];

/** What one server takes upon itself. */
export interface ServerLimits {
  readonly connections: number;
  /** Of the first line and all headers together. */
  readonly headerBytes: number;
  /** How long the headers of a request may take to come. */
  readonly headersMs: number;
  /** How long a connection may say nothing, between requests or while it is sent an answer. */
  readonly silenceMs: number;
  /** What may wait for the reader of a stream. */
  readonly waitingBytes: number;
}

export const SERVER_LIMITS: ServerLimits = {
  connections: 512,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  silenceMs: 15_000,
  waitingBytes: 1024 * 1024,
};

/** Starts a server. Throws an UnsupportedError if nobody can listen there. */
export async function listen(
  listening: Listening,
  limits: ServerLimits = SERVER_LIMITS,
): Promise<Server> {
  // Here and not above: in the one bundled file, what stands above is loaded at every start.
  const { createServer } = await import("node:http");
  const { host, port, complain } = listening;
  const place = placeOf(host, port);
  const connections = new Connections(limits.connections);
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersMs),
    keepAliveTimeout: limits.silenceMs,
    // Who is meant is for the answer to judge.
    requireHostHeader: false,
  }, (request, response) => {
    connections.begin(request.socket);
    response.once("close", () => connections.end(request.socket));
    void respond(request, response, listening, limits);
  });
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.setTimeout(limits.silenceMs, () => void socket.destroy());
  });
  server.on("clientError", (error: Error & { readonly code?: string }, socket: Socket) => {
    if (!socket.writable) return void socket.destroy();
    socket.end(
      `HTTP/1.1 ${statusOf(error.code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(refused(host, port, error)));
    server.listen({ ...place, exclusive: true }, resolve);
  });
  server.removeAllListeners("error");
  server.on("error", ({ message }) => complain(`Cannot take a connection: ${message}`));
  return {
    port: (server.address() as { readonly port: number }).port,
    [Symbol.asyncDispose]: async () => {
      const isClosed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.endAll();
      await isClosed;
    },
  };
}

function statusOf(code: string | undefined): string {
  if (code === "HPE_HEADER_OVERFLOW") return "431 Request Header Fields Too Large";
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "408 Request Timeout";
  return "400 Bad Request";
}

/** All connections. Where there are too many, the one goes that has asked for nothing for the longest time. */
class Connections {
  readonly #all = new Set<Socket>();
  /** Those that ask for nothing now, the one that is silent for the longest time first. */
  readonly #idle = new Set<Socket>();

  constructor(readonly most: number) {}

  add(socket: Socket): void {
    this.#all.add(socket);
    this.#idle.add(socket);
    socket.once("close", () => {
      this.#all.delete(socket);
      this.#idle.delete(socket);
    });
    // What goes wrong with a connection ends it; that is all there is to know.
    socket.on("error", () => {});
    if (this.#all.size <= this.most) return;
    const [silent] = this.#idle;
    silent?.destroy();
  }

  begin(socket: Socket): void {
    this.#idle.delete(socket);
  }

  end(socket: Socket): void {
    if (this.#all.has(socket)) this.#idle.add(socket);
  }

  endAll(): void {
    for (const socket of this.#all) socket.destroy();
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, complain }: Listening,
  limits: ServerLimits,
): Promise<void> {
  const { method = "", url: target = "" } = request;
  // A body is not looked at, and not waited for.
  const hasBody = request.headers["transfer-encoding"] !== undefined ||
    (request.headers["content-length"] ?? "0") !== "0";
  if (hasBody) response.setHeader("Connection", "close");
  request.resume();
  try {
    const whole = await answer(requestOf(request, method, target));
    if (response.destroyed) return;
    const { status, headers, body } = whole;
    if (typeof body === "string") {
      const bytes = bytesOf(whole, body);
      response.writeHead(status, { ...headers, "Content-Length": bytes.length });
      // To HEAD the runtime sends the headers alone.
      response.end(bytes);
      return;
    }
    response.writeHead(status, headers);
    if (method === "HEAD") response.end();
    else openStream(response, limits.waitingBytes, body);
  } catch (error) {
    const reason = error instanceof Error ? error.stack ?? error.message : String(error);
    // What stands behind the ? may be a secret.
    complain(`Cannot answer ${method} ${target.split("?")[0]}: ${reason}`);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { "Content-Length": 0 }).end();
  }
}

/** What is given to many is made into bytes once. */
const encoded = new WeakMap<ServerAnswer, Uint8Array>();

function bytesOf(answer: ServerAnswer, body: string): Uint8Array {
  let bytes = encoded.get(answer);
  if (bytes === undefined) {
    bytes = new TextEncoder().encode(body);
    encoded.set(answer, bytes);
  }
  return bytes;
}

function requestOf(
  { rawHeaders }: IncomingMessage,
  method: string,
  target: string,
): ServerRequest {
  return {
    method,
    target,
    header: (name) => {
      const values = rawHeaders.filter((_, i) =>
        i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name
      );
      if (values.length === 0) return undefined;
      return values.join(name === "cookie" ? "; " : ", ");
    },
  };
}

/** Talking to a server over a plain connection, byte by byte. */

import { listen, SERVER_LIMITS, type ServerLimits } from "../../src/world/listen.ts";
import type {
  Listening,
  Server,
  ServerAnswer,
  ServerRequest,
  ServerStream,
} from "../../src/world.ts";

/** What tests of IPv6 need: names for `live`. */
export const IPV6 = { IPv6: hasIpv6() };

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** A server that answers each target as it is told, and notes what it was asked and what went wrong. */
export class Serving implements AsyncDisposable {
  readonly requests: ServerRequest[] = [];
  readonly complaints: string[] = [];
  /** The streams that were opened, and how many of them have ended. */
  readonly streams: ServerStream[] = [];
  ended = 0;
  readonly #server: Server;

  private constructor(server: Server, told: { self: Serving | null }) {
    this.#server = server;
    told.self = this;
  }

  static async begin(
    answers: Readonly<Record<string, () => ServerAnswer | Promise<ServerAnswer>>> = {},
    limits: Partial<ServerLimits> = {},
    place: Partial<Listening> = {},
  ): Promise<Serving> {
    const told: { self: Serving | null } = { self: null };
    const server = await listen({
      ...{ host: "127.0.0.1", port: 0 },
      answer: (request) => {
        const serving = told.self!;
        serving.requests.push(request);
        if (request.target === "/stream") return serving.#stream();
        const answer = answers[request.target];
        return answer ? answer() : PLAIN;
      },
      complain: (message) => void told.self!.complaints.push(message),
      ...place,
    }, { ...SERVER_LIMITS, ...limits });
    return new Serving(server, told);
  }

  get port(): number {
    return this.#server.port;
  }

  #stream(): ServerAnswer {
    return {
      status: 200,
      headers: { "Content-Type": "text/event-stream" },
      body: (stream) => {
        stream.write("begin\n");
        stream.onEnd(() => this.ended++);
        this.streams.push(stream);
      },
    };
  }

  /** Connects to it. */
  async connect(): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port: this.port }));
  }

  /** Sends a text, and reads all that comes until the server ends the connection. */
  async say(text: string): Promise<string> {
    using connection = await this.connect();
    await connection.send(text);
    return await connection.rest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

const PLAIN: ServerAnswer = { status: 200, headers: { "X-Own": "yes" }, body: "plain" };

/** The head of a GET that leaves the connection open. */
export function get(target: string, more = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
}

/** One that is the last of its connection. */
export function last(target: string, more = ""): string {
  return get(target, `${more}Connection: close\r\n`);
}

export class Connection implements Disposable {
  readonly #connection: Deno.TcpConn;
  #isOpen = true;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Sends it; what a server that has ended the connection does not take is not sent. */
  async send(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    try {
      for (let sent = 0; sent < bytes.length;) {
        sent += await this.#connection.write(bytes.subarray(sent));
      }
    } catch (error) {
      if (!isEnded(error)) throw error;
    }
  }

  /** What comes next; "" if the server has ended the connection. */
  async next(): Promise<string> {
    const buffer = new Uint8Array(65_536);
    try {
      const length = await this.#connection.read(buffer);
      return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
    } catch (error) {
      if (isEnded(error)) return "";
      throw error;
    }
  }

  /** All that comes until a text is there. Throws if it does not come. */
  async until(wanted: string): Promise<string> {
    let heard = "";
    while (!heard.includes(wanted)) {
      const more = await this.next();
      if (more === "") throw new Error(`There is no ${wanted} in ${heard}`);
      heard += more;
    }
    return heard;
  }

  async rest(): Promise<string> {
    let heard = "";
    for (let more = await this.next(); more !== ""; more = await this.next()) heard += more;
    return heard;
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) this.#connection.close();
    this.#isOpen = false;
  }
}

function isEnded(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe;
}

/** The real `ocmem serve` on a free port, and what is asked of it. */

import { Connection } from "../world/connecting.ts";
import { ocmemStarted, type Running } from "./command_line.ts";

/** No history of whoever runs the tests, and no token. */
const OWN = { XDG_STATE_HOME: "/nonexistent", OCMEM_TOKEN: "", OCMEM_LISTEN: "" } as const;

export class Served implements AsyncDisposable {
  readonly running: Running;
  readonly port: number;

  private constructor(running: Running, port: number) {
    this.running = running;
    this.port = port;
  }

  /** Starts it, and waits until it says that it serves. */
  static async start(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    address = "127.0.0.1:0",
  ): Promise<Served> {
    const words = ["serve", "--listen", address, ...args];
    const running = ocmemStarted(words, { env: { ...OWN, ...env } });
    try {
      const [, port] = await running.line(/^Serving on http:\/\/\S+:(\d+)\/$/);
      return new Served(running, Number(port));
    } catch (error) {
      await running[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return await fetch(this.url + path, { headers, redirect: "manual" });
  }

  async text(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await this.get(path, headers);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }

  async connect(): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname: "127.0.0.1", port: this.port }));
  }

  /** Sends a request as it is, and returns the first line of the answer, or "" if there is none. */
  async status(text: string): Promise<string> {
    using connection = await this.connect();
    await connection.send(text);
    return (await connection.rest()).split("\r\n")[0]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
  }
}

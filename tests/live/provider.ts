/** A provider of models for the real OpenCode: it takes requests, and answers when it is told to. */

import { homeIn } from "./opencode.ts";

/** A model's answer as OpenAI's API streams it. */
const ANSWER = [
  { delta: { role: "assistant", content: "Done" }, finish_reason: null },
  { delta: {}, finish_reason: "stop" },
].map((choice) => {
  const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, ...choice }] })}\n\n`;
}).join("") + "data: [DONE]\n\n";

export class Provider implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #answered = Promise.withResolvers<void>();
  /** Requests that came. */
  requests = 0;

  /** It is the only provider of an OpenCode whose home is in this folder. */
  constructor(folder: string) {
    const listening = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(listening, async (request) => {
      await request.body?.cancel();
      this.requests++;
      await this.#answered.promise;
      return new Response(ANSWER, { headers: { "content-type": "text/event-stream" } });
    });
    const config = `${homeIn(folder).XDG_CONFIG_HOME}/opencode`;
    Deno.mkdirSync(config, { recursive: true });
    const baseURL = `http://127.0.0.1:${this.#server.addr.port}/v1`;
    const provider = {
      ...{ npm: "@ai-sdk/openai-compatible", name: "x", models: { m: { name: "m" } } },
      options: { baseURL, apiKey: "none" },
    };
    const options = { provider: { x: provider }, model: "x/m", small_model: "x/m" };
    Deno.writeTextFileSync(`${config}/opencode.json`, JSON.stringify(options));
  }

  /** From now on, and for those that wait, it answers at once. */
  answer(): void {
    this.#answered.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.answer();
    await this.#server.shutdown();
  }
}

/** A server of a live page, which does what the test says, and what it was asked. */

import { renderPage } from "../../src/page/page.ts";

const PATHS = { events: "events", history: "api/history", report: "api/report" };
const encoder = new TextEncoder();

export interface Serving extends AsyncDisposable {
  readonly address: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** The document that the page gets, and `/api/history` answers with from now on; null: 503. */
  document: object | null;
  /** Streams that are open. */
  readonly open: number;
  /** Sends a message to every stream. */
  send(type: string, data: object): void;
  /** Breaks every stream off. */
  cut(): void;
  /** Resolves once so many streams were opened in all. */
  opened(streams: number): Promise<void>;
}

/** Serves a page of this document on a free port. */
export function serve(document: object): Serving {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const asked: string[] = [];
  const waiting: { streams: number; resolve: () => void }[] = [];
  let count = 0;
  let now: object | null = document;

  function stream(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        own = controller;
        streams.add(controller);
        controller.enqueue(encoder.encode("retry: 3000\n\n"));
        count++;
        for (const one of waiting) if (count >= one.streams) one.resolve();
      },
      cancel: () => void streams.delete(own),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (pathname === "/events") return stream();
      if (now === null) return new Response("away", { status: 503 });
      if (pathname === "/api/history") return Response.json(now);
      if (pathname !== "/") return new Response("nothing here", { status: 404 });
      const html = await renderPage(JSON.stringify(now), { title: "mybox", live: PATHS });
      return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
    },
  );

  function cut(): void {
    for (const one of streams) one.close();
    streams.clear();
  }

  return {
    address: `http://127.0.0.1:${server.addr.port}/`,
    asked,
    get document() {
      return now;
    },
    set document(next) {
      now = next;
    },
    get open() {
      return streams.size;
    },
    send(type, data) {
      const text = `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const one of streams) one.enqueue(encoder.encode(text));
    },
    cut,
    opened(wanted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ streams: wanted, resolve });
      if (count >= wanted) resolve();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await server.shutdown();
    },
  };
}

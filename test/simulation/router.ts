import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Failure } from '../../src/protocol/failure.ts';
import type { AppParts } from '../../src/server/app.ts';
import { addChanges } from '../../src/server/routes/changes.ts';
import { addChunks } from '../../src/server/routes/chunks.ts';
import { addClients } from '../../src/server/routes/clients.ts';
import { addCommits } from '../../src/server/routes/commits.ts';
import { toFailure } from '../../src/server/to-failure.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** In the pieces that it was sent in. */
  readonly pieces: readonly Uint8Array[];
}

class Reply {
  status = 200;
  readonly headers = new Map<string, string>();
  payload: unknown = '';

  code(status: number): this {
    this.status = status;
    return this;
  }

  header(name: string, value: string): this {
    this.headers.set(name, value);
    return this;
  }

  type(type: string): this {
    return this.header('content-type', type);
  }

  send(payload: unknown): this {
    this.payload = payload;
    return this;
  }
}

type Handler = (request: unknown, reply: Reply) => Promise<unknown>;

/**
 * The server's own routes for the engine, without the framework around them, which is most of what a
 * request costs. Answers failures as the framework is told to.
 */
export class Router {
  readonly #handlers = new Map<string, Handler>();
  readonly #onFailure: (failure: Failure) => void;

  constructor(parts: AppParts, onFailure: (failure: Failure) => void) {
    this.#onFailure = onFailure;
    const app = {
      route: ({
        method,
        url,
        handler,
      }: {
        method: string | string[];
        url: string;
        handler: Handler;
      }) => {
        for (const one of [method].flat()) this.#handlers.set(`${one} ${url}`, handler);
      },
      register: (add: (scope: unknown) => Promise<void>) => add(app),
      addContentTypeParser: () => {},
    };
    const fastify = app as unknown as FastifyInstance;
    addClients(fastify, parts);
    addChanges(fastify, parts);
    void addChunks(fastify, parts);
    addCommits(fastify, parts);
  }

  async ask({ method, url, headers, body }: Asked): Promise<Answered> {
    const [path = '', search = ''] = url.split('?', 2);
    const handler = this.#handlers.get(`${method} ${path}`);
    if (handler === undefined) throw new Error(`No route for ${method} ${path}`);
    const query = Object.fromEntries(new URLSearchParams(search));
    const raw = typeof body === 'string' || body === undefined ? undefined : Readable.from([body]);
    const request = { query, headers, raw, body: raw ?? (body && JSON.parse(String(body))) };
    const reply = new Reply();
    try {
      await handler(request, reply);
      return { ...reply, pieces: await piecesOf(reply.payload) };
    } catch (error) {
      return this.#failed(toFailure(error));
    }
  }

  #failed(failure: Failure): Answered {
    this.#onFailure(failure);
    const headers = new Map([['content-type', 'application/json']]);
    if (failure.after !== undefined) {
      headers.set('retry-after', String(Math.max(1, Math.ceil(failure.after / 1000))));
    }
    const pieces = [Buffer.from(JSON.stringify(failure.body))];
    return { status: failure.status, headers, pieces };
  }
}

async function piecesOf(payload: unknown): Promise<Uint8Array[]> {
  if (typeof payload === 'string') return [Buffer.from(payload)];
  const pieces: Uint8Array[] = [];
  for await (const piece of payload as AsyncIterable<Uint8Array | string>) {
    pieces.push(Buffer.from(piece as Uint8Array));
  }
  return pieces;
}

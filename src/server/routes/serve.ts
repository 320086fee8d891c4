import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { fromStrings } from '../../protocol/from-strings.ts';
import { parse } from '../../protocol/parse.ts';
import { type Route, routerPath } from '../../protocol/route.ts';
import { answerJson } from '../answer-json.ts';

/** A request that is what the route's table entry asks for. */
export interface Asked<R extends Route> {
  readonly query: R extends { readonly query: infer Q extends TSchema } ? Static<Q> : undefined;
  /** Of JSON; other bodies are for the route to read. */
  readonly body: R extends { readonly body: { readonly schema: infer B extends TSchema } }
    ? Static<B>
    : undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface ServeOptions {
  /** Bytes; the protocol's MAX_REQUEST unless said otherwise. */
  readonly bodyLimit?: number;
}

/**
 * Adds a route of the protocol's table. `answer` answers what becomes JSON, or the reply, when it has sent
 * that itself. HEAD is answered wherever GET is.
 */
export function serve<R extends Route>(
  app: FastifyInstance,
  route: R,
  {
    answer,
    ...options
  }: ServeOptions & {
    readonly answer: (asked: Asked<R>) => object | Promise<object>;
  },
): void {
  app.route({
    // The framework's own HEAD would read what GET streams, and count it as nothing.
    method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
    url: routerPath(route),
    config: { needsKey: route.needsKey, path: route.path },
    ...options,
    handler: async (request, reply) => {
      const value = await answer(read(route, request, reply));
      return value === reply ? reply : answerJson(request, reply, value);
    },
  });
}

function read<R extends Route>(route: R, request: FastifyRequest, reply: FastifyReply): Asked<R> {
  const { query, body } = route;
  const asked = {
    query: query && parse(query, fromStrings(query, request.query as Record<string, unknown>)),
    body: isJson(body) ? parse(body.schema, request.body) : undefined,
    request,
    reply,
  };
  return asked as Asked<R>;
}

const isJson = (body: Route['body']): body is { type: string; schema: TSchema; meaning: string } =>
  body?.type === 'application/json' && body.schema !== undefined;

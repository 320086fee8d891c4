import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../protocol/failure.ts';
import { type Access, bearerOf } from './access.ts';

export interface Guards {
  readonly access: Access;
  /** Of one client's address. */
  readonly requestsPerSecond: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** false: open to all. Anything else, routes that nobody thought of included: an API key is needed. */
    needsKey?: boolean;
    /** As the protocol's table writes it, such as `/download/{path}`. */
    path?: string;
  }
}

/**
 * What every request has to pass before anything of it is read, whatever its method and whether or not
 * there is such a route (F30).
 */
export async function guardRequests(
  app: FastifyInstance,
  { access, requestsPerSecond }: Guards,
): Promise<void> {
  await app.register(rateLimit, { global: false });
  const countRequest = app.createRateLimit({ max: requestsPerSecond, timeWindow: 1000 });
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    if (isClosing) throw new Failure('unavailable');
    const count = await countRequest(request);
    if (!count.isAllowed && count.isExceeded) {
      throw new Failure('too_many_requests', undefined, { after: count.ttl });
    }
    const isOpen = !request.is404 && request.routeOptions.config.needsKey === false;
    if (!isOpen && !access.allows(bearerOf(request.headers.authorization))) {
      reply.header('www-authenticate', 'Bearer');
      throw new Failure('unauthorized');
    }
    // A body is never inflated: whatever it would become is bounded only where a route says how (F13).
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new Failure('unsupported_media_type');
  });
}

import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../protocol/failure.ts';
import { type Access, bearerOf } from './access.ts';
import { asksForPage } from './asks-for-page.ts';
import type { BrowserSessions } from './browser-sessions.ts';

/** By which a browser reads that brought a key before. */
export const SESSION_COOKIE = 'syncer_session';

export interface Guards {
  readonly access: Access;
  readonly sessions: BrowserSessions;
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
  { access, sessions, requestsPerSecond }: Guards,
): Promise<void> {
  await app.register(rateLimit, { global: false });
  await app.register(cookie);
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
    if (!isOpenToAll(request) && !mayPass(request, { access, sessions })) {
      reply.header('www-authenticate', 'Bearer');
      throw new Failure('unauthorized');
    }
    // A body is never inflated: whatever it would become is bounded only where a route says how (F13).
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new Failure('unsupported_media_type');
  });
}

/** The web app's page holds nothing but the app, which asks for the key. */
const isOpenToAll = (request: FastifyRequest): boolean =>
  request.is404 ? asksForPage(request) : request.routeOptions.config.needsKey === false;

/**
 * A cookie comes with whatever a browser is made to ask for: it lets read, and nothing else. Who brings a header is
 * judged by that alone.
 */
function mayPass(
  { headers: { authorization }, method, cookies }: FastifyRequest,
  { access, sessions }: Pick<Guards, 'access' | 'sessions'>,
): boolean {
  const onlyReads = method === 'GET' || method === 'HEAD';
  if (authorization !== undefined || !onlyReads) return access.allows(bearerOf(authorization));
  return access.allows(undefined) || sessions.allows(cookies[SESSION_COOKIE]);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CLIENT_HEADER } from '../protocol/engine-routes.ts';
import { fits } from '../protocol/parse.ts';
import { ClientId } from '../protocol/scalar.ts';
import type { Audit } from './audit.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface Recorders {
  readonly audit: Pick<Audit, 'record'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it says it is, for the audit. It gives no rights. */
    clientId: string | undefined;
  }
}

/**
 * Tells of every request when it is answered, of those that are refused too: by its route, so that
 * neither a query nor the name of a file gets into the log (F27, F28). Who does not say which client it
 * is, is known by its address.
 */
export function recordRequests(app: FastifyInstance, { audit, log, metrics }: Recorders): void {
  app.decorateRequest('clientId', undefined);
  app.addHook('onRequest', async (request) => {
    const said = request.headers[CLIENT_HEADER];
    if (fits(ClientId, said)) request.clientId = said;
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, clientId } = request;
    const { statusCode: status, elapsedTime: ms } = reply;
    const route = routeOf(request);
    metrics.request({ method, route, status, seconds: ms / 1000 });
    const from = clientId === undefined ? `, from ${request.ip}` : '';
    const detail = `${method} ${route ?? '-'} ${status}${from}`;
    audit.record({ clientId, action: 'request', detail });
    log.debug({ method, route, status, clientId, ms: Math.round(ms) }, 'request');
  });
}

/** As the table writes it; undefined: there is none. */
export const routeOf = ({ is404, routeOptions }: FastifyRequest): string | undefined =>
  is404 ? undefined : (routeOptions.config.path ?? routeOptions.url);

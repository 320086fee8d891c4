import type { FastifyInstance } from 'fastify';
import { ROUTES } from '../../protocol/routes.ts';
import type { Stats } from '../../protocol/stats.ts';
import type { AppParts } from '../app.ts';
import { mustFindFolder } from '../find-folder.ts';
import { measureLagNow } from '../measure-lag.ts';
import { serve } from './serve.ts';

/** The server in numbers: for people, and for Prometheus. */
export function addStats(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder, clock, live, metrics, startedAt } = parts;

  serve(app, ROUTES.stats, {
    answer: async (): Promise<Stats> => {
      const { epoch, cursor } = await mustFindFolder(parts);
      const { storedBytes, ...counts } = await metadata.counts(folder);
      return {
        epoch,
        cursor,
        ...counts,
        stored_bytes: storedBytes,
        clients: (await metadata.clients(folder)).length,
        connections: live.connections,
        uptime_seconds: Math.max(0, clock.now() - startedAt) / 1000,
      };
    },
  });

  serve(app, ROUTES.metrics, {
    answer: async ({ reply }) => {
      metrics.lag(await measureLagNow(parts));
      return reply.type(metrics.contentType).send(await metrics.text());
    },
  });
}

import type { FastifyInstance } from 'fastify';
import type { Contested } from '../../protocol/conflict.ts';
import { type Audit, type History, historyToWire } from '../../protocol/history.ts';
import { CONTESTED_WITHIN, LINES } from '../../protocol/limits.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { msToTime, timeToMs } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import { serve } from './serve.ts';

/** Who did what. */
export function addHistory(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder, clock } = parts;

  serve(app, ROUTES.history, {
    answer: async ({ query }): Promise<History> => {
      const { path, node, client_id: clientId, since, before, limit = LINES } = query;
      const records = await metadata.history(folder, {
        limit,
        ...(path === undefined ? {} : { path }),
        ...(node === undefined ? {} : { node }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(since === undefined ? {} : { since: timeToMs(since) }),
        ...(before === undefined ? {} : { before }),
      });
      return { history: records.map(historyToWire) };
    },
  });

  serve(app, ROUTES.contested, {
    answer: async ({ query: { since } }): Promise<Contested> => {
      const from = since === undefined ? clock.now() - CONTESTED_WITHIN : timeToMs(since);
      const files = await metadata.contested(folder, from);
      return { contested: files.map((file) => ({ ...file, last: msToTime(file.last) })) };
    },
  });

  serve(app, ROUTES.audit, {
    answer: async ({ query: { client_id: clientId, limit = LINES } }): Promise<Audit> => {
      const wanted = clientId === undefined ? { limit } : { clientId, limit };
      const records = await metadata.auditLog(folder, wanted);
      return {
        audit: records.map(({ time, clientId: who = null, action, detail }) => {
          return { time: msToTime(time), client_id: who, action, detail };
        }),
      };
    },
  });
}

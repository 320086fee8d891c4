import type { FastifyInstance } from 'fastify';
import type { Lag } from '../../protocol/client-info.ts';
import { MAX_LAGGING } from '../../protocol/limits.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { mustFindFolder } from '../find-folder.ts';
import { lagToWire, measureLag } from '../measure-lag.ts';
import { serve } from './serve.ts';

/** Who has not applied everything; those who are connected are asked to say so as soon as they have. */
export function addLag(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.lag, {
    answer: async ({ query }): Promise<Lag> => {
      const state = await mustFindFolder(parts);
      const { cursor = state.cursor, connected = false } = query;
      parts.live.wantApplied(cursor);
      const lags = await measureLag(parts, state);
      const behind = lags
        .filter(({ keepsDirectory, client, held }) => {
          return keepsDirectory && (client.cursor < cursor || held > 0);
        })
        .filter(({ isOnline }) => isOnline || !connected)
        .sort((a, b) => b.changes - a.changes);
      return {
        epoch: state.epoch,
        cursor,
        behind: behind.length,
        clients: behind.slice(0, MAX_LAGGING).map(lagToWire),
      };
    },
  });
}

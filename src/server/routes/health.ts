import type { FastifyInstance } from 'fastify';
import type { Health } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { msToTime } from '../../protocol/time.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { AppParts } from '../app.ts';
import { mustFindFolder } from '../find-folder.ts';
import { serve } from './serve.ts';

/** Whether the server is there and its metadata answers; and where a WebSocket would be, for those who ask without one. */
export function addHealth(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.health, {
    answer: async (): Promise<Health> => {
      await mustFindFolder(parts).catch((cause: unknown) => {
        throw new Failure('unavailable', undefined, { cause });
      });
      const rotten = await parts.metadata.quarantined(parts.folder, { limit: 1000 });
      return {
        status: 'healthy',
        timestamp: msToTime(parts.clock.now()),
        version: parts.version,
        protocol_version: PROTOCOL_VERSION,
        ...(rotten.length > 0 && { degraded: rotten.length }),
      };
    },
  });

  serve(app, ROUTES.connect, {
    answer: () => {
      throw new Failure('bad_request', 'Only a WebSocket can be opened here.');
    },
  });
}

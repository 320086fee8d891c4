import type { FastifyInstance } from 'fastify';
import { MAX_SYNC_REQUEST } from '../../protocol/limits.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { compareFolder } from '../compare-folder.ts';
import { serve } from './serve.ts';

/** What a plain client has against what the server has. */
export function addSync(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.sync, {
    bodyLimit: MAX_SYNC_REQUEST,
    answer: ({ body, request }) => {
      request.clientId = body.client_id;
      return compareFolder(parts, body);
    },
  });
}

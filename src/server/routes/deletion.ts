import type { FastifyInstance } from 'fastify';
import type { Done } from '../../protocol/contract-answer.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { namesOf } from '../by-path.ts';
import { deletePath } from '../delete-path.ts';
import { authorOf } from './author-of.ts';
import { serve } from './serve.ts';
import { wirePath } from './wire-path.ts';

export function addDeletion(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.deleteFile, {
    answer: async ({ query, request }): Promise<Done> => {
      const path = wirePath(request);
      namesOf(path);
      const author = await authorOf(parts, { request, clientId: query.client_id });
      const wasThere = await deletePath(parts, { path, author });
      return { success: true, message: wasThere ? 'It is deleted.' : 'It was not there.' };
    },
  });
}

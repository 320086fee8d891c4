import type { FastifyInstance } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import { LINES } from '../../protocol/limits.ts';
import type { Restored, Rewound, Trash } from '../../protocol/rewind.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { timeToMs } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import { listTrash } from '../list-trash.ts';
import { previewRewind } from '../preview-rewind.ts';
import { restoreNode } from '../restore-node.ts';
import { rewindFolder } from '../rewind-folder.ts';
import { authorOf } from './author-of.ts';
import { serve } from './serve.ts';

/** What was, and how it comes back. */
export function addPast(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.trash, {
    answer: ({ query: { path, before, limit = LINES } }): Promise<Trash> =>
      listTrash(parts, {
        limit,
        ...(path === undefined ? {} : { path }),
        ...(before === undefined ? {} : { before }),
      }),
  });

  serve(app, ROUTES.restore, {
    answer: async ({ body, request }): Promise<Restored> => {
      const { client_id: clientId, node, version } = body;
      const author = await authorOf(parts, { request, clientId });
      return await restoreNode(parts, { node, version, author });
    },
  });

  serve(app, ROUTES.rewind, {
    answer: async ({ body, request }): Promise<Rewound> => {
      const { client_id: clientId, path, to, dry_run: isDry = false, after } = body;
      const author = await authorOf(parts, { request, clientId });
      const when = typeof to === 'number' ? { cursor: to } : { time: timeToMs(to) };
      if (after !== undefined) {
        if (!isDry) throw new Failure('bad_request', '`after` is for a `dry_run`.');
        return await previewRewind(parts, { path, to: when, after });
      }
      return await rewindFolder(parts, { path, to: when, isDry, author });
    },
  });
}

import type { FastifyInstance } from 'fastify';
import { LINES } from '../../protocol/limits.ts';
import type { Restored, Rewound, Trash } from '../../protocol/rewind.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { timeToMs } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import type { Author } from '../commit-by-path.ts';
import { mustFindClient } from '../find-folder.ts';
import { listTrash } from '../list-trash.ts';
import { restoreNode } from '../restore-node.ts';
import { rewindFolder } from '../rewind-folder.ts';
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
      request.clientId = clientId;
      return await restoreNode(parts, { node, version, author: await authorOf(parts, clientId) });
    },
  });

  serve(app, ROUTES.rewind, {
    answer: async ({ body, request }): Promise<Rewound> => {
      const { client_id: clientId, path, to, dry_run: isDry = false } = body;
      request.clientId = clientId;
      const author = await authorOf(parts, clientId);
      const when = typeof to === 'number' ? { cursor: to } : { time: timeToMs(to) };
      return await rewindFolder(parts, { path, to: when, isDry, author });
    },
  });
}

async function authorOf(parts: AppParts, clientId: string): Promise<Author> {
  const { name: clientName } = await mustFindClient(parts, clientId);
  return { clientId, clientName };
}

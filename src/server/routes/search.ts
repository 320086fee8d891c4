import type { FastifyInstance } from 'fastify';
import { LINES } from '../../protocol/limits.ts';
import type { Found } from '../../protocol/listing.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { pathsOf } from '../by-path.ts';
import { listed } from '../listed.ts';
import { serve } from './serve.ts';

/** Where something is, by a part of its name. */
export function addSearch(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder } = parts;

  serve(app, ROUTES.search, {
    answer: async ({ query: { text, limit = LINES } }): Promise<Found> => {
      const found = await metadata.searchNames(folder, text, limit + 1);
      const living = found.slice(0, limit).map(([id, entry]) => ({ id, entry }));
      const paths = await pathsOf(parts, living);
      return {
        found: living.flatMap((one) => {
          const path = paths.get(one.id);
          return path === undefined ? [] : [listed(one, path.join('/'))];
        }),
        is_whole: found.length <= limit,
      };
    },
  });
}

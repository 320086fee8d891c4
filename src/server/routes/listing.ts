import type { FastifyInstance } from 'fastify';
import { LINES } from '../../protocol/limits.ts';
import type { Listing } from '../../protocol/listing.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { mustFindDirectory } from '../find-directory.ts';
import { mustFindFolder } from '../find-folder.ts';
import { listed } from '../listed.ts';
import { serve } from './serve.ts';

/** What is in a directory. */
export function addListing(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder } = parts;

  serve(app, ROUTES.listing, {
    answer: async ({ query: { path, after, limit = LINES } }): Promise<Listing> => {
      // What is committed after this look may be in the page; whoever asks for it again loses nothing.
      const { cursor } = await mustFindFolder(parts);
      const directory = await mustFindDirectory(parts, path);
      // One more tells whether there is another page.
      const page = await metadata.childrenPage(folder, directory, { after, limit: limit + 1 });
      const shown = page.slice(0, limit);
      const above = path === undefined ? '' : `${path}/`;
      return {
        cursor,
        children: shown.map(([id, entry]) => listed({ id, entry }, above + entry.name)),
        next: page.length > limit ? (shown.at(-1)?.[1].name ?? null) : null,
      };
    },
  });
}

import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { archive } from '../archive.ts';
import { attachment } from '../attachment.ts';
import { mustFindDirectory } from '../find-directory.ts';
import { routeOf } from '../record-requests.ts';
import { serve } from './serve.ts';

/** A whole directory, for those who keep no copy of it. */
export function addArchive(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.archive, {
    answer: async ({ query: { path }, request, reply }) => {
      const directory = await mustFindDirectory(parts, path);
      const name = path?.split('/').at(-1) ?? parts.folder;
      reply.type('application/zip').header('cache-control', 'private, no-store');
      reply.header('content-disposition', attachment(`${name}.zip`));
      if (request.method === 'HEAD') return reply.send();
      const bytes: Readable = await archive(parts, directory);
      bytes.on('data', (piece: Buffer) => parts.metrics.transferred('down', piece.length));
      bytes.pause();
      bytes.on('error', (err) => {
        parts.log.error({ err, route: routeOf(request) }, 'an archive broke off');
      });
      return reply.send(bytes);
    },
  });
}

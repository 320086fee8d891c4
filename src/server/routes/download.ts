import type { FastifyInstance } from 'fastify';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { attachment } from '../attachment.ts';
import { locate, namesOf } from '../by-path.ts';
import { sendContent } from '../send-content.ts';
import { serve } from './serve.ts';
import { wirePath } from './wire-path.ts';

/** A file's bytes. */
export function addDownload(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.download, {
    answer: async ({ request, reply }) => {
      const { found } = await locate(parts, namesOf(wirePath(request)));
      if (found?.entry.kind !== 'file') throw new Failure('not_found');
      const content = found.entry;
      return sendContent(parts, { request, reply, content, headers: headersOf(content) });
    },
  });
}

function headersOf({ name, mtime }: FileEntry): Record<string, string> {
  const headers = { 'content-disposition': attachment(name) };
  const modified = new Date(mtime);
  const year = modified.getUTCFullYear();
  if (!(year >= 1970 && year <= 9999)) return headers;
  return { ...headers, 'last-modified': modified.toUTCString() };
}

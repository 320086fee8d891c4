import type { FastifyInstance } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import { ContentParams } from '../../protocol/listing.ts';
import { parse } from '../../protocol/parse.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { attachment } from '../attachment.ts';
import { findContent } from '../find-content.ts';
import { sendContent } from '../send-content.ts';
import { shownType } from '../shown-type.ts';
import { serve } from './serve.ts';

/** The bytes of any content, by its checksum: what a browser shows of files, and of what they were. */
export function addContents(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.content, {
    answer: async ({ query: { name }, request, reply }) => {
      const { checksum } = parse(ContentParams, request.params);
      const content = await findContent(parts, checksum);
      if (content === undefined) throw new Failure('not_found', 'There is no such content.');
      const type = name === undefined ? undefined : shownType(name);
      const headers = { 'content-disposition': attachment(name ?? checksum) };
      return sendContent(parts, { request, reply, content, headers, ...(type && { type }) });
    },
  });
}

import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Uploaded, UploadFields } from '../../protocol/contract-answer.ts';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { countBytes } from '../count-bytes.ts';
import { drain } from '../drain.ts';
import { mustFindClient } from '../find-folder.ts';
import { receiveContent } from '../receive-content.ts';
import type { StoredContent } from '../store-content.ts';
import { uploadFile } from '../upload-file.ts';
import { formParts } from './form-parts.ts';
import { serve } from './serve.ts';
import { UploadForm } from './upload-form.ts';

/** A file of a plain client, in a form. */
export async function addUpload(app: FastifyInstance, parts: AppParts): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false, limits: LIMITS });
    serve(scope, ROUTES.upload, {
      answer: async ({ request, reply }): Promise<Uploaded> => {
        try {
          return await upload(parts, request);
        } catch (error) {
          if (!(await drain(request.raw))) reply.header('connection', 'close');
          throw error;
        }
      },
    });
  });
}

/** Of fields and parts; how large the file may be is the server's setting, counted while it comes. */
const LIMITS = {
  files: 1,
  fields: 16,
  parts: 17,
  fieldNameSize: 100,
  fieldSize: 32 * 1024,
  headerPairs: 100,
  fileSize: Number.POSITIVE_INFINITY,
};

async function upload(parts: AppParts, request: FastifyRequest): Promise<Uploaded> {
  const { form, content } = await readForm(parts, request);
  const { clientId, clientName } = await checkAuthor(parts, request, form);
  const { relative_path: path } = form;
  const file = await uploadFile(parts, { path, content, author: { clientId, clientName } });
  return { success: true, message: 'The file is stored.', file_info: file };
}

interface ReadForm {
  readonly form: UploadFields;
  readonly content: StoredContent;
}

/**
 * Whatever of the fields has come before the file is checked before that is read; the rest afterwards,
 * when a content that turns out to be compressed is inflated.
 */
async function readForm(parts: AppParts, request: FastifyRequest): Promise<ReadForm> {
  const fields = new UploadForm(parts.limits.maxFileSize);
  const receiving = receiveContent(parts, contentLengthOf(request));
  const up = (count: number) => parts.metrics.transferred('up', count);
  for await (const part of formParts(request)) {
    if (part.type === 'field') {
      fields.add(part);
      continue;
    }
    if (part.name !== 'file') throw new Failure('bad_request', 'Only `file` may be a file.');
    const soFar = fields.known();
    if (soFar.client_id !== undefined) await mustFindClient(parts, soFar.client_id);
    await receiving.take(countBytes(part.bytes, up), soFar);
  }
  const form = fields.whole();
  return { form, content: await receiving.finish(form) };
}

async function checkAuthor(parts: AppParts, request: FastifyRequest, form: UploadFields) {
  const { client_id: clientId } = form;
  request.clientId = clientId;
  const { name: clientName } = await mustFindClient(parts, clientId);
  return { clientId, clientName };
}

/** Bytes, about: of the file and the form around it. */
const contentLengthOf = ({ headers }: FastifyRequest): number =>
  Number(headers['content-length'] ?? 0) || 0;

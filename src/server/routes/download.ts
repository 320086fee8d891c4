import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { locate, namesOf } from '../by-path.ts';
import { byteRange, type Range } from '../byte-range.ts';
import { countBytes } from '../count-bytes.ts';
import { chunksOf, readContent } from '../read-content.ts';
import { routeOf } from '../record-requests.ts';
import { serve } from './serve.ts';
import { wirePath } from './wire-path.ts';

const BYTES = 'application/octet-stream';

/** A file's bytes. Contents are named by their hash: an edit meanwhile does not change what is being sent. */
export function addDownload(app: FastifyInstance, parts: AppParts): void {
  serve(app, ROUTES.download, {
    answer: async ({ request, reply }) => {
      const { found } = await locate(parts, namesOf(wirePath(request)));
      if (found?.entry.kind !== 'file') throw new Failure('not_found');
      return sendFile(parts, { request, reply, file: found.entry });
    },
  });
}

/** Only once it is clear that the file is the answer: an error is not the file's. */
function describe(reply: FastifyReply, { name, checksum, mtime }: FileEntry): FastifyReply {
  reply.headers({
    etag: `"${checksum}"`,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': contentDisposition(name),
  });
  const modified = new Date(mtime);
  const year = modified.getUTCFullYear();
  if (year >= 1970 && year <= 9999) reply.header('last-modified', modified.toUTCString());
  return reply;
}

interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly file: FileEntry;
}

async function sendFile(parts: AppParts, sending: Sending): Promise<FastifyReply> {
  const { request, reply, file } = sending;
  const { size, checksum } = file;
  if (names(request.headers['if-none-match'], checksum)) {
    return describe(reply, file).code(304).send();
  }
  if (request.method === 'HEAD') {
    return describe(reply, file).type(BYTES).header('content-length', size).send();
  }
  const range = byteRange(rangeOf(request, checksum), size);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new Failure('range_not_satisfiable');
  }
  return sendBytes(parts, sending, range);
}

/** The first bytes are read before the status is sent: what cannot be read at all is an error, not a broken file. */
async function sendBytes(parts: AppParts, sending: Sending, range: Range): Promise<FastifyReply> {
  const { request, reply, file } = sending;
  const bytes = readContent(parts, await chunksOf(parts, file), range);
  const first = await bytes.next();
  const { from, to } = range;
  describe(reply, file)
    .type(BYTES)
    .header('content-length', to - from);
  if (to - from < file.size) {
    reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${file.size}`);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (!first.done) yield first.value;
      yield* bytes;
    } catch (err) {
      parts.log.error({ err, route: routeOf(request) }, 'a download broke off');
      throw err;
    }
  };
  const down = (count: number) => parts.metrics.transferred('down', count);
  return reply.send(Readable.from(countBytes(rest(), down), { objectMode: false }));
}

/** A Range that is meant for another version of the file does not count. */
function rangeOf({ headers }: FastifyRequest, checksum: string): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === `"${checksum}"` ? headers.range : undefined;
}

const names = (header: string | undefined, checksum: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' ||
    header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${checksum}"`));

/** Never shown inside a page (F29); the name for old readers, and as it is (RFC 5987). */
function contentDisposition(name: string): string {
  const plain = name.replace(/[^ -~]|["\\%]/gu, '_');
  const whole = encodeURIComponent(name).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}

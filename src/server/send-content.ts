import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../protocol/failure.ts';
import { byteRange, type Range } from './byte-range.ts';
import { countBytes } from './count-bytes.ts';
import { chunksOf, readContent } from './read-content.ts';
import { type Recorders, routeOf } from './record-requests.ts';
import type { ChunkPorts } from './store-chunks.ts';

export type SendPorts = ChunkPorts & Pick<Recorders, 'log' | 'metrics'>;

export interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly content: { readonly checksum: string; readonly size: number };
  /** Of the bytes; any, unless said otherwise. */
  readonly type?: string;
  /** Beside those that every content has. */
  readonly headers: Readonly<Record<string, string>>;
}

const ANY_BYTES = 'application/octet-stream';

/**
 * Answers a content, the part of it that Range asks for, or that it is the one that is known already. Contents are
 * named by their hash: an edit meanwhile does not change what is being sent.
 */
export async function sendContent(ports: SendPorts, sending: Sending): Promise<FastifyReply> {
  const { request, reply, content } = sending;
  const { size, checksum } = content;
  if (names(request.headers['if-none-match'], checksum)) return describe(sending).code(304).send();
  if (request.method === 'HEAD') {
    return describe(sending).type(typeOf(sending)).header('content-length', size).send();
  }
  const range = byteRange(rangeOf(request, checksum), size);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new Failure('range_not_satisfiable');
  }
  return sendBytes(ports, sending, range);
}

/** Only once it is clear that the content is the answer: an error is not the content's. */
const describe = ({ reply, content, headers }: Sending): FastifyReply =>
  reply.headers({
    etag: `"${content.checksum}"`,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    ...headers,
  });

const typeOf = ({ type = ANY_BYTES }: Sending): string => type;

/** The first bytes are read before the status is sent: what cannot be read at all is an error, not a broken file. */
async function sendBytes(ports: SendPorts, sending: Sending, range: Range): Promise<FastifyReply> {
  const { request, reply, content } = sending;
  const bytes = readContent(ports, await chunksOf(ports, content), range);
  const first = await bytes.next();
  const { from, to } = range;
  describe(sending)
    .type(typeOf(sending))
    .header('content-length', to - from);
  if (to - from < content.size) {
    reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${content.size}`);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (!first.done) yield first.value;
      yield* bytes;
    } catch (err) {
      ports.log.error({ err, route: routeOf(request) }, 'a download broke off');
      throw err;
    }
  };
  const down = (count: number) => ports.metrics.transferred('down', count);
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

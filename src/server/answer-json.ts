import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, createZstdCompress, gzip, zstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLong, jsonPieces } from './json-pieces.ts';

/** Bytes: a smaller answer fits into one packet as it is. */
const WORTH_IT = 1024;

const GZIP = { level: 1 };
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const [gzipAll, zstdAll] = [promisify(gzip), promisify(zstdCompress)];

const ENCODERS = {
  zstd: {
    whole: (text: string) => zstdAll(text, ZSTD),
    stream: () => createZstdCompress(ZSTD),
  },
  gzip: { whole: (text: string) => gzipAll(text, GZIP), stream: () => createGzip(GZIP) },
};

/** Sends a value as JSON, compressed where the client takes it and it pays; long lists piece by piece. */
export async function answerJson(
  request: FastifyRequest,
  reply: FastifyReply,
  value: object,
): Promise<FastifyReply> {
  const encoding = acceptedEncoding(request.headers['accept-encoding']);
  reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding');
  if (isLong(value)) return sendPieces(reply, jsonPieces(value), encoding);
  const text = JSON.stringify(value);
  if (encoding === undefined || text.length < WORTH_IT) return reply.send(text);
  reply.header('content-encoding', encoding);
  return reply.send(await ENCODERS[encoding].whole(text));
}

type Encoding = keyof typeof ENCODERS;

function sendPieces(
  reply: FastifyReply,
  pieces: Iterable<string>,
  encoding: Encoding | undefined,
): FastifyReply {
  const source = Readable.from(pieces);
  if (encoding === undefined) return reply.send(source);
  reply.header('content-encoding', encoding);
  // Whoever reads the encoder's end learns of an error there.
  return reply.send(pipeline(source, ENCODERS[encoding].stream(), () => {}));
}

const acceptedEncoding = (header: string | string[] | undefined): Encoding | undefined =>
  (['zstd', 'gzip'] as const).find((encoding) => accepts(header, encoding));

/** Whether an Accept-Encoding header names this encoding; a weight of 0 forbids it. */
export const accepts = (header: string | string[] | undefined, encoding: string): boolean =>
  String(header ?? '')
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
    .some((part) => part.split(';', 1)[0]?.trim() === encoding);

import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterEach, expect, it } from 'vitest';
import {
  bytesOf,
  FORM_END,
  FORM_HEADERS,
  formHead,
  hashOf,
  type MemoryApp,
  type MemoryAppOptions,
  memoryApp,
  register,
  uploadAll,
  uploadParts,
} from '../../test/memory-app.ts';
import { frameHeader } from '../protocol/frame.ts';

const MIB = 1024 * 1024;
const closing: MemoryApp[] = [];

afterEach(async () => {
  for (const { app } of closing.splice(0)) await app.close();
});

/** Memory cannot push back; a socket can, and ours must. */
async function listening(options: MemoryAppOptions = {}) {
  const made = await memoryApp(options);
  closing.push(made);
  await register(made.app);
  await made.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = made.app.server.address() as AddressInfo;
  const ask = (method: string, path: string, headers = {}): ClientRequest =>
    httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false });
  return { ...made, ask };
}

async function answerTo(request: ClientRequest, body: AsyncIterable<Uint8Array>) {
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(body, { objectMode: false }), request);
  const [response] = await answered;
  return { status: response.statusCode, answer: JSON.parse(await text(response)) };
}

/** A form of so many pieces, each of one MiB and unlike the others; `onSent` is told after each. */
async function* largeForm(pieces: number, onSent = async (_: number): Promise<void> => {}) {
  for (const part of uploadParts({ path: 'big', bytes: '' }).slice(0, 2)) {
    yield Buffer.concat([formHead(part), Buffer.from(`${part[1]}\r\n`)]);
  }
  yield formHead(['file', new Uint8Array()]);
  for (let at = 0; at < pieces; at += 1) {
    yield pieceAt(at);
    await onSent((at + 1) * MIB);
  }
  yield Buffer.from(FORM_END);
}

const PIECE = bytesOf(MIB);

function pieceAt(at: number): Buffer {
  const piece = Buffer.from(PIECE);
  for (let from = 0; from < MIB; from += 4096) piece.writeUInt32BE(at, from);
  return piece;
}

it('50 MiB are stored while they come: little of them is held', async () => {
  const { ask, metadata, app } = await listening();
  let most = 0;
  const body = largeForm(50, async (sent) => {
    const { storedBytes } = await metadata.counts('default');
    most = Math.max(most, sent - storedBytes);
  });
  const { status, answer } = await answerTo(ask('POST', '/upload', FORM_HEADERS), body);
  expect([status, answer.file_info?.size]).toEqual([200, 50 * MIB]);
  expect(most).toBeLessThan(20 * MIB);
  const range = { range: 'bytes=-1048576' };
  const tail = await app.inject({ url: '/download/big', headers: range });
  expect(tail.rawPayload.equals(pieceAt(49))).toBe(true);
});

it('a refused upload is read to its end, so that the client learns why', async () => {
  const { ask, metadata } = await listening({ maxFileSize: 2 * MIB });
  const request = ask('POST', '/upload', FORM_HEADERS);
  const { status, answer } = await answerTo(request, largeForm(40));
  expect([status, answer.error_code]).toEqual([413, 'file_too_large']);
  expect((await metadata.counts('default')).files).toBe(0);
});

it('an upload that breaks off leaves no file, and the server goes on', async () => {
  const { ask, metadata, app, committed } = await listening();
  const request = ask('POST', '/upload', FORM_HEADERS);
  request.on('error', () => {});
  const body = largeForm(30, async (sent) => {
    if (sent === 10 * MIB) request.destroy();
  });
  await expect(
    pipeline(Readable.from(body, { objectMode: false }), request),
  ).rejects.toBeInstanceOf(Error);
  await uploadAll(app, { other: 'x' });
  expect((await metadata.counts('default')).files).toBe(1);
  expect(committed).toHaveLength(1);
});

it('a reader that goes away in the middle is no error, and nothing more is read for it', async () => {
  const { ask, app, objects, log } = await listening();
  await uploadAll(app, { big: Buffer.concat(Array.from({ length: 40 }, (_, at) => pieceAt(at))) });
  const { gets } = objects.asked;
  const request = ask('GET', '/download/big').end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'data');
  response.destroy();
  await once(response, 'close');
  expect((await app.inject('/health')).statusCode).toBe(200);
  expect(objects.asked.gets - gets).toBeLessThan(4);
  expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

it('frames are stored while they come, and are no more than 16 MiB together', async () => {
  const { ask, metadata } = await listening();
  const frames = async function* (count: number) {
    for (let at = 0; at < count; at += 1) {
      const bytes = pieceAt(at);
      yield frameHeader({ hash: hashOf(bytes), size: MIB, encoding: 'raw', bytes });
      yield bytes;
    }
  };
  const headers = { 'content-type': 'application/octet-stream' };
  const fits = await answerTo(ask('POST', '/v1/chunks', headers), frames(15));
  expect(fits).toEqual({ status: 200, answer: { stored: 15 } });
  expect((await metadata.counts('default')).chunks).toBe(15);
  const { status, answer } = await answerTo(ask('POST', '/v1/chunks', headers), frames(30));
  expect([status, answer.error_code]).toEqual([413, 'request_too_large']);
});

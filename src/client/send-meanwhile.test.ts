import { hash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChunkRef } from '../core/chunk.ts';
import { cutParameters, cutter } from '../core/cut.ts';
import { ApiFailure } from './ports.ts';
import { SendMeanwhile } from './send-meanwhile.ts';

const MIB = 1024 * 1024;

/** A server that takes what it is sent, in its own time. */
function server(has: readonly string[] = [], fail: (sent: number) => unknown = () => undefined) {
  const stored = new Map<string, string>();
  let [sent, asked, open, most] = [0, 0, 0, 0];
  return {
    stored,
    counts: () => ({ sent, asked, most }),
    async missing(hashes: readonly string[]) {
      asked += 1;
      return hashes.filter((hash) => !has.includes(hash) && !stored.has(hash));
    },
    async sendChunks(chunks: readonly (ChunkRef & { readonly bytes: Uint8Array })[]) {
      sent += 1;
      open += 1;
      most = Math.max(most, open);
      const error = fail(sent);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      if (error !== undefined) throw error;
      for (const { hash, bytes } of chunks) stored.set(hash, Buffer.from(bytes).toString('base64'));
    },
  };
}

const refOf = (bytes: Uint8Array): ChunkRef => ({
  hash: hash('sha256', bytes, 'hex'),
  size: bytes.length,
});

/** Reads as `readFile` does: the same memory for every piece. */
async function follow(sending: SendMeanwhile, content: Uint8Array): Promise<Map<string, string>> {
  const cutting = cutter(cutParameters(content.length));
  const lent = new Uint8Array(MIB);
  const chunks = new Map<string, string>();
  let start = 0;
  let chunk: Buffer[] = [];
  const end = () => {
    const bytes = Buffer.concat(chunk);
    chunk = [];
    const ref = refOf(bytes);
    chunks.set(ref.hash, bytes.toString('base64'));
    sending.end(ref);
  };
  for (; start < content.length; start += MIB) {
    const piece = lent.subarray(0, Math.min(MIB, content.length - start));
    piece.set(content.subarray(start, start + piece.length));
    let from = 0;
    const take = (to: number) => {
      chunk.push(Buffer.from(piece.subarray(from, to)));
      sending.take(piece.subarray(from, to));
      from = to;
    };
    for (const length of cutting.push(piece)) {
      take(from + length - chunk.reduce((sum, part) => sum + part.length, 0));
      end();
    }
    take(piece.length);
    await sending.ready();
  }
  if (cutting.end().length > 0) end();
  return chunks;
}

describe('a large new file', () => {
  it('is at the server when it was read, each chunk as it is, in few requests', async () => {
    const there = server();
    const sending = new SendMeanwhile(there);
    const chunks = await follow(sending, randomBytes(40 * MIB));
    expect(there.counts().sent).toBeGreaterThan(1);
    await sending.finish();
    expect(there.stored).toEqual(chunks);
    expect(there.counts()).toMatchObject({ sent: 5, asked: 5 });
    expect(there.counts().most).toBeLessThanOrEqual(4);
  });

  it('what is there is not sent, and nothing twice', async () => {
    const content = randomBytes(9 * MIB);
    const first = server();
    const sending = new SendMeanwhile(first);
    const chunks = await follow(sending, content);
    await sending.finish();
    const again = server([...chunks.keys()]);
    const second = new SendMeanwhile(again);
    await follow(second, Buffer.concat([content, content]));
    await second.finish();
    expect(again.stored.size).toBeLessThan(chunks.size / 10);
  });

  it('a server that fails is left in peace; reading goes on', async () => {
    const gone = new ApiFailure('unreachable', 'It is away.', { retry: true });
    const there = server([], (sent) => (sent === 2 ? gone : undefined));
    const sending = new SendMeanwhile(there);
    const chunks = await follow(sending, randomBytes(80 * MIB));
    await sending.finish();
    expect(chunks.size).toBeGreaterThan(there.stored.size);
    expect(there.counts().sent).toBeLessThan(6);
  });

  it('what is no failure of the server is told at the end', async () => {
    const sending = new SendMeanwhile(server([], () => new Error('killed')));
    await follow(sending, randomBytes(2 * MIB));
    await expect(sending.finish()).rejects.toThrow('killed');
  });
});

import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryApp } from '../../test/memory-app.ts';
import { accepts } from './answer-json.ts';
import { isLong, jsonPieces } from './json-pieces.ts';

describe('jsonPieces', () => {
  it('together they are what JSON.stringify makes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each([0, 1, 999, 1000, 1001, 2500])('of a list of %i', (length) => {
    const list = Array.from({ length }, (_, at) => ({ at, text: `"${at}` }));
    const value = { before: 1, absent: undefined, list, after: null };
    expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
    expect(isLong(value)).toBe(length > 1000);
  });
});

describe('compression of answers', () => {
  it.each([
    ['gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['GZIP;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['zstd;q=0.0, gzip', 'gzip'],
    ['br', undefined],
    ['', undefined],
  ])('%j is answered with %s', async (header, encoding) => {
    const { app } = await memoryApp();
    const headers = { 'accept-encoding': header };
    const answer = await app.inject({ url: '/openapi.json', headers });
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([
      encoding,
      'accept-encoding',
    ]);
    const inflate = { gzip: gunzipSync, zstd: zstdDecompressSync }[encoding ?? ''];
    const text = inflate === undefined ? answer.body : inflate(answer.rawPayload).toString();
    expect(JSON.parse(text).openapi).toBe('3.1.0');
    if (encoding !== undefined) expect(answer.rawPayload.length).toBeLessThan(text.length / 3);
  });

  it('what is small is not', async () => {
    const { app } = await memoryApp();
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await app.inject({ url: '/health', headers });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(accepts('x-gzip', 'gzip')).toBe(false);
  });
});

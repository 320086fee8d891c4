import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { ClientInfo } from './client-info.ts';
import { CommitRequest } from './commit.ts';
import { Failure } from './failure.ts';
import { fits, parse, parseJson, parseKnown } from './parse.ts';
import { WireRemoteChange } from './remote-change.ts';
import { Bytes, Cursor, Name } from './scalar.ts';
import { SyncRequest } from './sync.ts';

const client = { client_id: 'c', name: 'laptop', sync_root: '/home/me/files' };

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `[[[…]]]`, which no recursion could follow. */
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parse', () => {
  it('answers the value itself', () => {
    expect(parse(ClientInfo, client)).toBe(client);
  });

  it('throws bad_request that names every wrong field', () => {
    const failure = failureOf(() => parse(ClientInfo, { client_id: 5, name: 'a/b' }));
    expect(failure.code).toBe('bad_request');
    expect(failure.details?.map(({ field }) => field)).toEqual(['sync_root', 'client_id', 'name']);
    expect(failure.message).toBe('sync_root is missing.');
  });

  it('says so when the whole is wrong', () => {
    expect(failureOf(() => parse(ClientInfo, null)).message).toBe('The data must be an object.');
  });

  it('[F14] is not harmed by deep values', () => {
    const value = parseJson(`{"client_id":${deep(100_000)}}`);
    expect(failureOf(() => parse(ClientInfo, value)).code).toBe('bad_request');
    const beside = parseJson(`{"client_id":"c","name":"n","sync_root":"/","x":${deep(100_000)}}`);
    expect(parseKnown(ClientInfo, beside)).toEqual({ client_id: 'c', name: 'n', sync_root: '/' });
  });

  it('[F14] is not harmed by long lists of wrong values', () => {
    const files = Array.from({ length: 200_000 }, () => ({}));
    const failure = failureOf(() => parse(SyncRequest, { client_id: 'c', sync_root: '/', files }));
    expect(failure.details).toHaveLength(8);
  });

  it('[F15] neither takes a prototype from the wire nor hands one on', () => {
    const text = '{"__proto__":{"admin":true},"client_id":"c","name":"n","sync_root":"/"}';
    const known = parseKnown(ClientInfo, parseJson(text));
    expect(Object.keys(known)).toEqual(['client_id', 'name', 'sync_root']);
    expect(Object.getPrototypeOf(known)).toBe(Object.prototype);
    expect('admin' in known).toBe(false);
    const commit = '{"__proto__":{},"client_id":"c","key":"k","epoch":"e","changes":[],';
    const failure = failureOf(() =>
      parse(CommitRequest, parseJson(`${commit}"manifests":[],"chunks":[]}`)),
    );
    expect(failure.details).toContainEqual({ field: '__proto__', reason: 'is not known here' });
  });

  it.each([
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '7',
    '1e3',
    null,
    true,
    {},
    [7],
  ])('[F22] %s is neither a cursor nor a number of bytes', (value) => {
    expect(fits(Cursor, value)).toBe(false);
    expect(fits(Bytes, value)).toBe(false);
  });

  it.each(['\ud800', 'a\udc00b', '\ud83d'])('[F04] refuses half a character', (name) => {
    expect(fits(Name, name)).toBe(false);
    expect(fits(Name, '\ud83d\ude00')).toBe(true);
  });

  it('refuses what is not JSON, and keeps the text to itself', () => {
    const failure = failureOf(() => parseJson('{"password":'));
    expect(failure.body).toEqual({ error_code: 'bad_request', message: 'This is not JSON.' });
  });
});

describe('parseKnown', () => {
  it('drops what the schema does not name, at every depth', () => {
    const entry = {
      kind: 'directory',
      parent: 'root',
      name: 'a',
      place_version: 1,
      content_version: 1,
      author: 'me',
    };
    const value = {
      cursor: 1,
      node: 'n',
      entry: { ...entry, target: 'x', colour: 'red' },
      extra: 1,
    };
    expect(parseKnown(WireRemoteChange, value)).toEqual({ cursor: 1, node: 'n', entry });
    expect(parseKnown(WireRemoteChange, { ...value, entry: null }).entry).toBeNull();
  });

  it('leaves what may be anything as it is', () => {
    const anything = { a: [{ b: 1 }] };
    expect(parseKnown(Type.Object({ x: Type.Unknown() }), { x: anything, y: 1 })).toEqual({
      x: anything,
    });
  });
});

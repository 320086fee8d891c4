import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Versioned } from '../core/entry.ts';
import { fits, parse } from './parse.ts';
import {
  ChangesPage,
  type RemoteChange,
  remoteChangeFromWire,
  remoteChangeToWire,
  WireRemoteChange,
} from './remote-change.ts';

const cursor = fc.maxSafeNat();
const versions = { placeVersion: cursor, contentVersion: cursor, author: fc.string() };
const place = { parent: fc.constant('root'), name: fc.constantFrom('a', 'ä', '😀') };
const entry: fc.Arbitrary<Versioned> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    ...place,
    ...versions,
    checksum: fc.stringMatching(/^[0-9a-f]{64}$/),
    size: cursor,
    mtime: fc.integer({ min: -8.64e15, max: 8.64e15 }),
    executable: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('directory' as const), ...place, ...versions }),
  fc.record({
    kind: fc.constant('symlink' as const),
    ...place,
    ...versions,
    target: fc.constant('../b'),
  }),
);
const change: fc.Arbitrary<RemoteChange> = fc.record({
  cursor,
  node: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  entry: fc.option(entry, { nil: undefined }),
});

describe('remote changes on the wire', () => {
  it('come back as they went, through JSON and validation', () => {
    fc.assert(
      fc.property(change, (one) => {
        const wire: unknown = JSON.parse(JSON.stringify(remoteChangeToWire(one)));
        expect(remoteChangeFromWire(parse(WireRemoteChange, wire))).toEqual(one);
      }),
    );
  });

  it('a node that is gone says so: null, not nothing', () => {
    expect(remoteChangeToWire({ cursor: 1, node: 'n', entry: undefined }).entry).toBeNull();
    expect(fits(WireRemoteChange, { cursor: 1, node: 'n' })).toBe(false);
  });

  it('a page without all of its fields is no page', () => {
    const page = { epoch: 'e', changes: [], next: 1, until: 1, chain: null, wanted: 0 };
    expect(fits(ChangesPage, page)).toBe(true);
    for (const key of Object.keys(page)) {
      expect(fits(ChangesPage, { ...page, [key]: undefined }), key).toBe(false);
    }
  });
});

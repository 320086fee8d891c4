import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../core/change.ts';
import { changeFromWire, changeToWire, WireChange } from './change.ts';
import { fits, parse } from './parse.ts';

const node = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const name = fc
  .string({ minLength: 1, maxLength: 100, unit: 'grapheme' })
  .filter((text) => text.length <= 255);
const cursor = fc.maxSafeNat();
const place = fc.record({ parent: node, name });
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const file = fc.record({
  checksum: sha256,
  size: fc.maxSafeNat(),
  mtime: fc.integer({ min: -8.64e15, max: 8.64e15 }),
  executable: fc.boolean(),
});
const symlink = fc.record({ target: name });
const replacing = <T extends object>(part: fc.Arbitrary<T>) =>
  fc.tuple(part, cursor).map(([fields, replaces]) => ({ ...fields, replaces }));

const merged = fc.record({
  ...{ checksum: sha256, size: fc.maxSafeNat(), mtime: fc.nat(), executable: fc.boolean() },
  replaces: cursor,
  mergedFrom: fc.array(fc.record({ checksum: sha256, size: fc.maxSafeNat() }), {
    minLength: 1,
    maxLength: 8,
  }),
});

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    type: fc.constant('create' as const),
    node,
    kind: fc.constant('file' as const),
    place,
    content: file,
  }),
  fc.record({
    type: fc.constant('create' as const),
    node,
    kind: fc.constant('symlink' as const),
    place,
    content: symlink,
  }),
  fc.record({
    type: fc.constant('create' as const),
    node,
    kind: fc.constant('directory' as const),
    place,
  }),
  fc.record({ type: fc.constant('update' as const), node, place: replacing(place) }),
  fc.record(
    {
      type: fc.constant('update' as const),
      node,
      place: replacing(place),
      content: fc.oneof(replacing(fc.oneof(file, symlink)), merged),
    },
    { requiredKeys: ['type', 'node', 'content'] },
  ),
  fc.record({
    type: fc.constant('delete' as const),
    node,
    replacesPlace: cursor,
    replacesContent: cursor,
  }),
);

describe('changes on the wire', () => {
  it('come back as they went, through JSON and validation', () => {
    fc.assert(
      fc.property(change, (one) => {
        const wire: unknown = JSON.parse(JSON.stringify(changeToWire(one)));
        expect(changeFromWire(parse(WireChange, wire))).toEqual(one);
      }),
    );
  });

  it('send nothing that the core keeps beside', () => {
    const place = { parent: 'root', name: 'a', replaces: 1, secret: 5 };
    const one: Change = { type: 'update', node: 'n', place };
    expect(fits(WireChange, changeToWire(one))).toBe(true);
  });

  it('refuse a creation whose content is of another kind', () => {
    const at = { parent: 'root', name: 'a' };
    const content = { target: 'b' };
    expect(() =>
      changeToWire({ type: 'create', node: 'n', kind: 'file', place: at, content }),
    ).toThrow(TypeError);
    for (const kind of ['file', 'directory']) {
      expect(fits(WireChange, { type: 'create', node: 'n', kind, place: at, content })).toBe(false);
    }
  });

  it.each([
    { type: 'update', node: 'n' },
    { type: 'update', node: 'n', place: { parent: 'root', name: 'a' } },
    { type: 'delete', node: 'n', replaces_place: 1 },
    { type: 'delete', node: 'n', replaces_place: 1, replaces_content: -1 },
    { type: 'create', node: 'n', kind: 'pipe', place: { parent: 'root', name: 'a' } },
    { type: 'create', node: 'n', kind: 'directory', place: { parent: 'root', name: 'a' }, more: 1 },
  ])('refuse %j', (one) => {
    expect(fits(WireChange, one)).toBe(false);
  });
});

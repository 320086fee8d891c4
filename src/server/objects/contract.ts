import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectFailure, type ObjectStore } from '../ports.ts';

export interface ObjectStoreWorld {
  readonly objects: ObjectStore;
  close(): Promise<void>;
}

/** What every ObjectStore keeps. `make` answers an empty one. */
export function objectStoreContract(name: string, make: () => Promise<ObjectStoreWorld>): void {
  describe(`object store contract: ${name}`, () => {
    let world: ObjectStoreWorld;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world.close());

    describe('put and get', () => putAndGet(() => world.objects));
    describe('twice and at once', () => twiceAndAtOnce(() => world.objects));
    describe('ranges', () => ranges(() => world.objects));
    describe('absent', () => absent(() => world.objects));
    describe('a put that does not come to its end', () => interruptedPut(() => world.objects));
    describe('list', () => listing(() => world.objects));
    describe('names', () => refusedNames(() => world.objects));
  });
}

function putAndGet(store: () => ObjectStore): void {
  it.each([0, 1, 4096, 3_000_001])('gives back the %i bytes it was given', async (size) => {
    const bytes = randomBytes(size);
    await store().put('an-object', bytes);
    expect(digest(await store().get('an-object'))).toBe(digest(bytes));
  });

  it('takes bytes piece by piece, empty pieces too', async () => {
    const pieces = [0, 10, 0, 100_000, 1].map((size) => randomBytes(size));
    await store().put('a', inPieces(pieces));
    expect(digest(await store().get('a'))).toBe(digest(Buffer.concat(pieces)));
  });

  it('takes bytes in parts, as many as there are, and reads into memory that it is given', async () => {
    const sizes = Array.from({ length: 3000 }, (_, n) => (n % 3 === 0 ? 0 : n));
    const parts = sizes.map((size) => randomBytes(size));
    await store().put('a', parts);
    await store().put('none', []);
    const whole = Buffer.concat(parts);
    expect(digest(await store().get('a'))).toBe(digest(whole));
    expect(await store().get('none')).toHaveLength(0);
    const into = new Uint8Array(100);
    const got = await store().get('a', { offset: 50, length: 60 }, into);
    expect(Buffer.from(got)).toEqual(whole.subarray(50, 110));
    expect(got.buffer).toBe(into.buffer);
    expect(await store().get('a', { offset: 0, length: 101 }, into)).toHaveLength(101);
  });

  it('takes no pieces at all for an empty object', async () => {
    await store().put('a', inPieces([]));
    expect(await store().get('a')).toHaveLength(0);
  });

  it('keeps what it was given, whatever becomes of the bytes outside', async () => {
    const bytes = Buffer.from('as it was');
    await store().put('a', bytes);
    bytes.fill(0);
    (await store().get('a')).fill(1);
    expect(text(await store().get('a'))).toBe('as it was');
  });

  it('takes every name of the alphabet, up to 64 characters', async () => {
    const names = ['0', '-', '--', 'z'.repeat(64), '0123456789-abcdefghijklmnopqrstuvwxyz'];
    for (const one of names) await store().put(one, Buffer.from(one));
    for (const one of names) expect(text(await store().get(one))).toBe(one);
  });
}

function twiceAndAtOnce(store: () => ObjectStore): void {
  it('[E18] keeps the first of two objects of one name, and the second put succeeds', async () => {
    await store().put('a', Buffer.from('first'));
    await store().put('a', Buffer.from('the second'));
    await store().put('a', inPieces([Buffer.from('third')]));
    expect(text(await store().get('a'))).toBe('first');
  });

  it('[E18] keeps one whole of many that are put at once under one name', async () => {
    const contents = Array.from({ length: 8 }, (_, n) => Buffer.alloc(50_000 + n, n));
    await Promise.all(contents.map((bytes) => store().put('a', bytes)));
    const kept = digest(await store().get('a'));
    expect(contents.map(digest)).toContain(kept);
    await store().put('a', Buffer.from('late'));
    expect(digest(await store().get('a'))).toBe(kept);
  });

  it('takes many objects at once', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `object-${n}`);
    await Promise.all(names.map((one) => store().put(one, Buffer.from(one))));
    const got = await Promise.all(names.map((one) => store().get(one)));
    expect(got.map(text)).toEqual(names);
  });
}

function ranges(store: () => ObjectStore): void {
  beforeEach(() => store().put('a', Buffer.from('0123456789')));

  it.each([
    [0, 10, '0123456789'],
    [0, 1, '0'],
    [9, 1, '9'],
    [3, 4, '3456'],
    [0, 0, ''],
    [10, 0, ''],
  ])('answers %i+%i exactly', async (offset, length, expected) => {
    expect(text(await store().get('a', { offset, length }))).toBe(expected);
  });

  it.each([
    [0, 11],
    [9, 2],
    [10, 1],
    [1_000_000, 1],
    [11, 0],
  ])('[D13] is absent for %i+%i, which the object does not reach', async (offset, length) => {
    expect(await codeOf(store().get('a', { offset, length }))).toBe('absent');
  });

  it.each([
    [-1, 2],
    [0, -1],
    [0.5, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ])('refuses %d+%d as a programmer’s error', async (offset, length) => {
    await expect(store().get('a', { offset, length })).rejects.toBeInstanceOf(TypeError);
  });
}

function absent(store: () => ObjectStore): void {
  it('is a failure of its own', async () => {
    await store().put('b', Buffer.from('there'));
    expect(await codeOf(store().get('a'))).toBe('absent');
    expect(await codeOf(store().get('a', { offset: 0, length: 0 }))).toBe('absent');
  });

  it('is what was deleted; deleting it again does nothing; its name is free again', async () => {
    await store().put('a', Buffer.from('first'));
    await store().delete('a');
    await store().delete('a');
    await store().delete('never-there');
    expect(await codeOf(store().get('a'))).toBe('absent');
    expect(await listed(store())).toEqual([]);
    await store().put('a', Buffer.from('second'));
    expect(text(await store().get('a'))).toBe('second');
  });
}

function interruptedPut(store: () => ObjectStore): void {
  it('leaves nothing when its source throws, and throws what the source threw', async () => {
    const broken = new Error('the connection was lost');
    const put = store().put('a', inPieces([randomBytes(100_000), broken]));
    await expect(put).rejects.toBe(broken);
    expect(await codeOf(store().get('a'))).toBe('absent');
    expect(await listed(store())).toEqual([]);
    await store().put('a', Buffer.from('whole'));
    expect(text(await store().get('a'))).toBe('whole');
  });

  it('shows nothing while it is under way', async () => {
    const gate = Promise.withResolvers<void>();
    const halfway = Promise.withResolvers<void>();
    const put = store().put('a', stopping(halfway.resolve, gate.promise));
    await halfway.promise;
    expect(await codeOf(store().get('a'))).toBe('absent');
    expect(await listed(store())).toEqual([]);
    gate.resolve();
    await put;
    expect(text(await store().get('a'))).toBe('onetwo');
  });

  it('does not hold up another of the same name', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = store().put(
      'a',
      stopping(() => {}, gate.promise),
    );
    await store().put('a', Buffer.from('quick'));
    gate.resolve();
    await slow;
    expect(text(await store().get('a'))).toBe('quick');
  });
}

function listing(store: () => ObjectStore): void {
  it('is empty at first', async () => {
    expect(await listed(store())).toEqual([]);
  });

  it('tells every object with its size, in the order of names', async () => {
    const names = ['b', 'a', 'z9', '-', '0', 'a0', 'a-', ...many(40)];
    for (const [size, one] of names.entries()) await store().put(one, Buffer.alloc(size));
    const expected = names.map((one, size) => ({ name: one, size }));
    expected.sort((x, y) => (x.name < y.name ? -1 : 1));
    expect(await listed(store())).toEqual(expected);
  });

  it('can be left early, and bears deletes under way', async () => {
    for (const one of many(10)) await store().put(one, Buffer.from(one));
    for await (const { name: one } of store().list()) await store().delete(one);
    expect(await listed(store())).toEqual([]);
    await store().put('a', Buffer.alloc(1));
    await store().put('b', Buffer.alloc(1));
    for await (const { name: one } of store().list()) {
      expect(one).toBe('a');
      break;
    }
  });
}

function refusedNames(store: () => ObjectStore): void {
  const invalid = ['', 'A', 'a/b', '..', '../a', 'a.b', 'a_b', 'a b', 'ä', 'a\n', 'a\0', 'a\\b'];
  it.each([...invalid, 'a'.repeat(65)])(
    'refuses the name %j as a programmer’s error',
    async (bad) => {
      const steps = [
        () => store().put(bad, Buffer.from('x')),
        () => store().get(bad),
        () => store().delete(bad),
      ];
      for (const step of steps) {
        await expect((async () => step())()).rejects.toBeInstanceOf(TypeError);
      }
      expect(await listed(store())).toEqual([]);
    },
  );
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function many(count: number): string[] {
  return Array.from({ length: count }, () => `n-${randomBytes(8).toString('hex')}`);
}

async function listed(objects: ObjectStore): Promise<{ name: string; size: number }[]> {
  const all: { name: string; size: number }[] = [];
  for await (const { name, size } of objects.list()) all.push({ name, size });
  return all;
}

async function* inPieces(pieces: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

async function* stopping(
  atHalf: () => void,
  gate: Promise<void>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield Buffer.from('one');
  atHalf();
  await gate;
  yield Buffer.from('two');
}

async function codeOf(step: Promise<unknown>): Promise<string> {
  const error: unknown = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ObjectFailure)) throw new Error('no ObjectFailure', { cause: error });
  return error.code;
}

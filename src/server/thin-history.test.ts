import { describe, expect, it } from 'vitest';
import { HOUR, world } from '../../test/past-world.ts';
import { DEFAULT_RETENTION, tiersOf } from '../protocol/retention.ts';
import { sweep } from './sweep.ts';
import { thinHistory } from './thin-history.ts';

const DAY = 24 * HOUR;

/** A server that holds some files, which are then saved again and again. */
async function setUp(files: Record<string, string>) {
  const one = await world(files);
  const { metadata, folder, clock, objects } = one.made;
  const tiers = tiersOf(DEFAULT_RETENTION);
  const thin = (isDry = false) => thinHistory({ metadata, folder, clock, tiers, isDry });
  const save = async (path: string, texts: readonly string[], pause = 5_000): Promise<void> => {
    for (const text of texts) {
      await clock.advance(pause);
      await one.put({ [path]: text });
    }
  };
  const sweepTwice = async () => {
    const { packs } = one.made.parts;
    await sweep({ metadata, objects, packs, folder, clock });
    await clock.advance(DAY + HOUR);
    return await sweep({ metadata, objects, packs, folder, clock });
  };
  const versions = async (path: string): Promise<number> =>
    (await metadata.history(folder, { path, limit: 1_000 })).length;
  return { one, metadata, clock, thin, save, sweepTwice, versions };
}

const texts = (count: number, of = 'text'): string[] =>
  Array.from({ length: count }, (_, at) => `${of} ${at}`);

describe('thinning the history', () => {
  it('leaves few versions of what is saved all the time, and the sweep frees the others', async () => {
    const { one, clock, thin, save, sweepTwice, versions } = await setUp({ a: 'first' });
    await save('a', texts(120));
    expect(await thin()).toBe(0);
    await clock.advance(2 * HOUR);
    expect(await thin(true)).toBe(await thin());
    expect(await versions('a')).toBeLessThanOrEqual(13);
    expect(await thin()).toBe(0);
    await clock.advance(2 * DAY);
    await thin();
    expect(await versions('a')).toBeLessThanOrEqual(3);
    expect((await sweepTwice()).chunks).toBeGreaterThan(100);
    expect(await one.shown()).toEqual({ a: 'text 119' });
  });

  it('does nothing where it is turned off', async () => {
    const { metadata, clock, save } = await setUp({ a: 'first' });
    await save('a', texts(9));
    await clock.advance(400 * DAY);
    expect(await thinHistory({ metadata, folder: 'default', clock, tiers: null })).toBe(0);
  });

  it('keeps what a client goes on from that was away', async () => {
    const { metadata, clock, thin, save, versions } = await setUp({ a: 'first' });
    await save('a', texts(5));
    const cursor = (await metadata.folder('default'))?.cursor ?? 0;
    const away = { clientId: 'away', name: 'Away', syncRoot: '/', cursor, lastSeen: clock.now() };
    await metadata.putClient('default', away);
    await save('a', texts(5, 'later'));
    await clock.advance(40 * DAY);
    await thin();
    expect(await versions('a')).toBe(3);
    await clock.advance(60 * DAY);
    await thin();
    expect(await versions('a')).toBe(2);
  });

  it('leaves the trash what it gives back', async () => {
    const { one, clock, thin, save, sweepTwice } = await setUp({ 'd/a': 'first', 'd/b': 'b' });
    await save('d/a', texts(20));
    await one.remove('d/a');
    await clock.advance(500 * DAY);
    await thin();
    await sweepTwice();
    const [deleted] = await one.trash();
    const { node = '', version = 0 } = deleted ?? {};
    await one.restore({ node, version });
    expect(await one.shown()).toMatchObject({ 'd/a': 'text 19' });
  });
});

describe('a rewind into what was thinned', () => {
  it('says of which files it has another version, beforehand too, and is exact in all else', async () => {
    const { one, clock, thin, save } = await setUp({ a: 'first', b: 'b', 'd/c': 'c' });
    await save('a', texts(6));
    await one.put({ b: 'new b' });
    const to = await one.cursor();
    await save('a', texts(6, 'later'));
    await one.move('d/c', 'c');
    await one.remove('b');
    await clock.advance(3 * DAY);
    await thin();
    const asked = await one.rewind({ to, dry_run: true });
    expect(asked.rounded).toMatchObject([{ path: 'a', version: 1 }]);
    const { rounded } = await one.rewind({ to });
    expect(rounded).toEqual(asked.rounded);
    expect(await one.shown()).toEqual({ a: 'first', b: 'new b', d: '/', 'd/c': 'c' });
    expect(await one.rewind({ to, path: 'd', dry_run: true })).not.toHaveProperty('rounded');
  });

  it('by a time within a gap says so, and at the cursor of a kept version is exact', async () => {
    const { one, clock, thin, save } = await setUp({ a: 'first' });
    await clock.advance(HOUR);
    await save('a', ['kept', 'gone', 'last'], 30 * 60_000);
    const kept = (await one.cursor()) - 2;
    await clock.advance(HOUR);
    await one.put({ a: 'now' });
    await clock.advance(3 * DAY);
    expect(await thin()).toBe(1);
    const time = new Date(clock.now() - 3 * DAY - 2 * HOUR).toISOString();
    const asked = await one.rewind({ to: time, dry_run: true });
    expect(asked).toMatchObject({ rounded: [{ path: 'a', version: kept }], to: kept });
    const exact = await one.rewind({ to: kept });
    expect(exact).not.toHaveProperty('rounded');
    expect(await one.shown()).toEqual({ a: 'kept' });
  });
});

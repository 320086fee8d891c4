import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpApi } from '../../src/client/api/http.ts';
import { type MemoryServer, memoryServer } from '../memory-server.ts';
import { longText, pair, type RigOptions } from './rig.ts';
import { failCall } from './wire.ts';
import { largeFiles, manyThings } from './work.ts';

// The engine against the server itself, over HTTP: the two judge and count alike.

let server: MemoryServer;
beforeEach(async () => {
  server = await memoryServer({ max_file_size: 2_000_000 });
});
afterEach(() => server.stop());

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In a cycle's time a scrub goes through the hashes from 0 to f. */
const partOf = (text: string): number => Number.parseInt(hashOf(text).slice(0, 8), 16) / 2 ** 32;

/** Two neighbours by their hashes, beyond the cycle's beginning. */
function closest(texts: readonly string[]): [string, string] {
  const late = texts.filter((text) => partOf(text) > 0.1);
  const sorted = late.sort((a, b) => partOf(a) - partOf(b));
  const pairs = sorted.slice(1).map((text, at): [string, string] => [sorted[at] ?? '', text]);
  const gap = ([a, b]: readonly [string, string]): number => partOf(b) - partOf(a);
  return pairs.reduce((best, one) => (gap(one) < gap(best) ? one : best));
}

const overHttp = (): Pick<RigOptions, 'connect'> => ({
  connect: ({ clientId, epoch }) =>
    httpApi({ base: server.inside.url, apiKey: undefined, clientId, epoch }),
});

describe.each([
  ['many things', manyThings],
  ['large files', largeFiles],
])('%s', (_, work) => {
  it('come to the same as with the server in memory', async () => {
    const wanted = await work();
    await wanted.rig.settle();
    const { rig, anna, ben } = await work(overHttp());
    await rig.settle();
    expect(anna.files()).toEqual(wanted.anna.files());
    expect(ben.files()).toEqual(wanted.ben.files());
    expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
  });

  it('come to the same when answers are lost', async () => {
    const wanted = await work();
    await wanted.rig.settle();
    for (let at = 1; at < 8; at += 1) {
      await server.stop();
      server = await memoryServer();
      const { rig, anna, ben } = await work(overHttp());
      let asked = 0;
      ben.wire.loses = () => {
        asked += 1;
        return asked === at;
      };
      await ben.attempt();
      await ben.attempt();
      ben.wire.heal();
      await rig.settle();
      expect(anna.files()).toEqual(wanted.anna.files());
      expect(ben.files()).toEqual(wanted.ben.files());
    }
  });
});

describe('what the server decides', () => {
  it('[A01] [A20] [A12] conflicts, names and rings are settled alike', async () => {
    const play = async (options: Pick<RigOptions, 'connect'>) => {
      const { rig, anna, ben } = pair(options);
      for (const name of ['f', 'g', 'd/x', 'e/y']) anna.user.write(name, name);
      await rig.settle();
      anna.user.write('f', 'f by anna');
      anna.user.rename('g', 't');
      anna.user.rename('d', 'e/d');
      rig.clock.pass(5000);
      ben.user.write('f', 'f by ben');
      ben.user.write('t', 't by ben');
      ben.user.rename('e', 'd/e');
      await rig.settle();
      return [anna.files(), ben.files()];
    };
    const [anna, ben] = await play(overHttp());
    expect(anna).toEqual(ben);
    expect([anna, ben]).toEqual(await play({}));
  });

  it.each([2 ** 53, -(2 ** 53), 2 ** 62])(
    '[C11] the time %i, which is none, is clamped, and holds nothing up',
    async (time) => {
      const { rig, anna, ben } = pair(overHttp());
      anna.user.write('odd', 'O');
      anna.user.setTime('odd', time);
      anna.user.write('other', 'P');
      await rig.settle();
      expect(ben.files()).toEqual({ odd: 'O', other: 'P' });
      const look = await ben.disk.look(['odd']);
      expect(Math.abs(look?.mtime ?? 0)).toBe(8.64e15);
      const before = await server.inside.metadata.folder('default');
      for (const client of rig.clients) client.restart();
      await rig.settle();
      expect(await server.inside.metadata.folder('default')).toEqual(before);
      ben.user.write('odd', 'edited');
      await rig.settle();
      expect(anna.files()).toEqual({ odd: 'edited', other: 'P' });
    },
  );

  it('a file that is too large is a problem of its path', async () => {
    const { rig, anna, ben } = pair(overHttp());
    anna.user.write('large', 'x'.repeat(2_000_001));
    anna.user.write('small', 'S');
    await rig.settle();
    expect(ben.files()).toEqual({ small: 'S' });
    expect(anna.session.problems.all()).toMatchObject([{ path: 'large', code: 'file_too_large' }]);
  });

  it('[D04] chunks that arrived before the connection broke are not sent again', async () => {
    const { rig, anna, ben } = pair(overHttp());
    const text = Array.from({ length: 180_000 }, (_, n) => `line ${n}`).join('\n');
    anna.user.write('large', text.slice(0, 1_900_000));
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
    const sent = anna.wire.sent.length;
    expect(sent).toBeGreaterThan(10);
    await rig.settle();
    expect(anna.wire.sent).toHaveLength(sent);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[D12] what rotted on its disk is brought back by a client that has it', async () => {
    const { rig, anna, ben } = pair(overHttp());
    const large = longText(3, 400_000);
    anna.user.write('small', 'S');
    anna.user.write('large', large);
    await rig.settle();
    const { metadata } = server.inside;
    const checksum = createHash('sha256').update(large).digest('hex');
    const [manifest] = await metadata.manifests('default', [checksum]);
    const lost = manifest?.chunks[1]?.hash ?? '';
    await server.rot(lost);
    await server.rot(createHash('sha256').update('S').digest('hex'));
    await rig.settle();
    expect(await metadata.counts('default')).toMatchObject({ quarantined: 0, healed: 2 });
    expect(ben.files()).toEqual(anna.files());
    const copy = await fetch(`${server.inside.url}/download/large`);
    expect((await copy.text()) === large).toBe(true);
  });

  it('[D12] what rots while its disk does not answer is found when it does', async () => {
    const minute = 60_000;
    await server.stop();
    server = await memoryServer({ scrub_days: 1 });
    const { metadata, objects, clock } = server.inside;
    const { rig, anna, ben } = pair(overHttp());
    // Two whose turns come together, each in a pack of its own.
    const texts = Array.from({ length: 300 }, (_, n) => `text ${n}`);
    const [first, second] = closest(texts);
    for (const [name, text] of Object.entries({ first, second })) {
      anna.user.write(name, text);
      await rig.settle();
    }
    const places = await metadata.chunkPlaces('default', [hashOf(first)]);
    const [{ pack, offset } = { pack: '', offset: 0 }] = places;
    const turn = partOf(first) * 24 * 60 * minute;
    await clock.advance(turn - 10 * minute);
    objects.unreadable.add(pack);
    objects.damage(pack, (bytes) => bytes.map((byte, at) => (at === offset ? byte ^ 1 : byte)));
    await clock.advance(30 * minute);
    expect(await metadata.counts('default')).toMatchObject({ quarantined: 0 });
    objects.unreadable.delete(pack);
    await clock.advance(5 * minute);
    expect(await metadata.counts('default')).toMatchObject({ quarantined: 1 });
    await rig.settle();
    expect(await metadata.counts('default')).toMatchObject({ quarantined: 0, healed: 1 });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[D12] a client that lacks only what lies in a bad place of its disk goes on with all else', async () => {
    const { rig, anna, ben } = pair(overHttp());
    anna.user.write('well', 'lies in another pack');
    await rig.settle();
    anna.user.write('lost', 'lies in a bad place');
    await anna.round();
    const { metadata, objects } = server.inside;
    const places = await metadata.chunkPlaces('default', [hashOf('lies in a bad place')]);
    objects.unreadable.add(places[0]?.pack ?? '');
    ben.user.write('mine', 'B');
    ben.session.pushed.clear();
    await rig.settle();
    expect(anna.files()).toMatchObject({ mine: 'B' });
    expect(ben.session.problems.all()).toMatchObject([{ path: 'lost', code: 'not_found' }]);
    // Where nothing can be read, the disk is away, and nothing is concluded.
    const others = [hashOf('lies in another pack'), hashOf('B')];
    for (const { pack } of await metadata.chunkPlaces('default', others))
      objects.unreadable.add(pack);
    ben.session.problems.clear(ben.session.state.remote.find('root', 'lost') ?? '');
    expect(await ben.attempt()).toMatchObject({ code: 'unavailable', retry: true });
    objects.unreadable.clear();
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B16] a server that was set up anew gets everything back', async () => {
    const { rig, anna, ben } = pair(overHttp());
    anna.user.write('d/f', 'F');
    await rig.settle();
    await server.stop();
    server = await memoryServer();
    for (const client of rig.clients) client.restart();
    ben.user.write('d/g', 'G');
    await rig.settle();
    expect(anna.files()).toEqual({ d: 'dir', 'd/f': 'F', 'd/g': 'G' });
    expect(ben.files()).toEqual(anna.files());
  });
});

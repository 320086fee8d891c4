import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { single } from '../../src/core/chunk.ts';
import { pickFrom, random } from '../random.ts';
import { type Client, longText, pair, type Rig } from './rig.ts';
import { failCall } from './wire.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(() => {
  ({ rig, anna, ben } = pair());
});

describe('[D12] a chunk that rotted on the server', () => {
  it('is brought back by whoever has it, once', async () => {
    anna.user.write('d/f', 'the only copy');
    await rig.settle();
    rig.server.rot(hashOf('the only copy'));
    await rig.settle();
    expect(rig.server.chunks.has(hashOf('the only copy'))).toBe(true);
    expect([...anna.wire.sent, ...ben.wire.sent]).toEqual([
      hashOf('the only copy'),
      hashOf('the only copy'),
    ]);
    const asked = anna.wire.count('wanted') + ben.wire.count('wanted');
    await rig.settle();
    expect(anna.wire.count('wanted') + ben.wire.count('wanted')).toBe(asked);
  });

  it('of a large file is brought back alone, also by a client that did not cut it', async () => {
    const text = longText(1, 600_000);
    anna.user.write('large', text);
    await rig.settle();
    const lost = [...rig.server.chunks.keys()].slice(1, 3);
    for (const hash of lost) rig.server.rot(hash);
    const before = ben.wire.sent.length;
    expect(await ben.round()).toBe(false);
    expect(ben.wire.sent.slice(before).sort()).toEqual([...lost].sort());
    expect(await ben.round()).toBe(true);
  });

  it('is not sent from a file that changed, nor from one that rotted itself (D14)', async () => {
    anna.user.write('changed', 'as it was here');
    anna.user.write('rotten', 'as it was there');
    await rig.settle();
    const lost = ['as it was here', 'as it was there'].map(hashOf);
    for (const hash of lost) rig.server.rot(hash);
    for (const { user } of [anna, ben]) {
      user.rot('changed', 'as it is now !');
      user.rot('rotten', 'AS IT WAS THERE');
    }
    await rig.settle();
    for (const hash of lost) expect(rig.server.chunks.has(hash)).toBe(false);
    expect(anna.files()).toEqual({ changed: 'as it is now !', rotten: 'AS IT WAS THERE' });
  });

  it('does not hold up what else there is to do', async () => {
    anna.user.write('lost', 'lost for good');
    await anna.round();
    rig.server.rot(hashOf('lost for good'));
    anna.user.remove('lost');
    anna.user.write('lost', 'another');
    await rig.settle();
    ben.user.write('g', 'G');
    await rig.settle();
    expect(anna.files()).toEqual({ g: 'G', lost: 'another' });
    expect(ben.files()).toEqual(anna.files());
  });

  it('[D16] one that nobody has holds up its own file and nothing else', async () => {
    anna.user.write('lost', 'lost');
    anna.user.write('found', 'found');
    await anna.round();
    rig.server.rot(hashOf('lost'));
    anna.user.rot('lost', 'LOST');
    ben.user.write('mine', 'mine');
    for (let turn = 0; turn < 6; turn += 1) {
      rig.clock.pass(60_000);
      for (const client of [anna, ben]) await client.attempt();
    }
    expect(ben.files()).toEqual({ found: 'found', mine: 'mine' });
    expect(anna.files()).toEqual({ found: 'found', lost: 'LOST', mine: 'mine' });
    expect(ben.session.problems.all()).toMatchObject([{ path: 'lost' }]);
  });

  it.each([
    ['later', 6 * 60_000],
    ['also when the clock went back by a year meanwhile [C12]', -365 * 24 * 3_600_000],
  ])(
    'a server that cannot take it now is asked again %s; the round is no failure',
    async (_, ms) => {
      anna.user.write('f', 'F');
      await rig.settle();
      rig.server.rot(hashOf('F'));
      for (const { wire } of [anna, ben]) wire.fault = failCall(1, 'disk_full', ['sendChunks']);
      await anna.round();
      await ben.round();
      expect(rig.server.chunks.has(hashOf('F'))).toBe(false);
      rig.clock.pass(ms);
      await anna.round();
      expect(rig.server.chunks.has(hashOf('F'))).toBe(true);
    },
  );

  it('is brought back later by a client that cannot read its file now', async () => {
    anna.user.write('f', 'F');
    await rig.settle();
    rig.server.rot(hashOf('F'));
    ben.user.rot('f', 'G');
    for (const problem of ['denied', 'absent'] as const) {
      anna.fault = (step) => (step === 'read' ? problem : undefined);
      await rig.settle();
      rig.clock.pass(6 * 60_000);
    }
    expect(rig.server.chunks.has(hashOf('F'))).toBe(false);
    anna.fault = () => undefined;
    await anna.round();
    expect(rig.server.chunks.has(hashOf('F'))).toBe(true);
  });

  it('[G04] what a client does not synchronize is not given, whatever the server asks for', async () => {
    ({ rig, anna, ben } = pair({ ignore: ['*.key'] }));
    anna.user.write('secret.key', 'a secret');
    ben.user.write('note', 'a secret');
    await ben.round();
    ben.user.remove('note');
    await rig.settle();
    rig.server.rot(hashOf('a secret'));
    await rig.settle();
    expect(rig.server.chunks.has(hashOf('a secret'))).toBe(false);
  });
});

it('[D12] whatever rots while people work, all that lives is whole again in the end', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    ({ rig, anna, ben } = pair());
    const pick = pickFrom(random(seed));
    for (let step = 0; step < 25; step += 1) {
      const { user } = pick([anna, ben]);
      const path = pick(['a', 'b', 'd/a', 'd/b', 'large']);
      const size = path === 'large' ? 200_000 : 40;
      const deed = pick(['write', 'write', 'rot', 'rot', 'remove', 'round', 'round'] as const);
      if (deed === 'write') user.write(path, longText(1000 * seed + step, size));
      else if (deed === 'remove' && user.read(path) !== undefined) user.remove(path);
      else if (deed === 'rot') {
        const stored = [...rig.server.chunks.keys()];
        if (stored.length > 0) rig.server.rot(pick(stored));
      } else await pick([anna, ben]).attempt();
    }
    await rig.settle(60);
    expect(ben.files(), `seed ${seed}`).toEqual(anna.files());
    for (const hash of livingChunks())
      expect(rig.server.chunks.has(hash), `seed ${seed}`).toBe(true);
    expect(rig.clients.flatMap(({ session }) => session.problems.all())).toEqual([]);
  }
});

/** What every file on the server is made of, as the client that cut it knows. */
function livingChunks(): string[] {
  return [...rig.server.tree.entries()].flatMap(([, entry]) => {
    if (entry.kind !== 'file' || entry.size === 0) return [];
    const known = rig.clients.flatMap((one) => one.session.state.manifest(entry.checksum) ?? []);
    return (known[0] ?? single(entry)).chunks.map(({ hash }) => hash);
  });
}

describe('[D14] a file that rots on a client’s disk, its times unchanged', () => {
  it('is not told to anybody, and the good copy stays', async () => {
    anna.user.write('f', 'good');
    await rig.settle();
    anna.user.rot('f', 'BAD!');
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'good' });
    expect(rig.serverFiles().get('f')).toBe('good');
  });

  it('once it is written to, what becomes of it is an edit: the good version stays in the history', async () => {
    anna.user.write('f', 'good');
    await rig.settle();
    anna.user.rot('f', 'BAD!');
    anna.user.append('f', ' more');
    await rig.settle();
    expect(ben.files()).toEqual({ f: 'BAD! more' });
    const versions = rig.server
      .backUp()
      .map(({ entry }) => entry?.kind === 'file' && entry.checksum);
    expect(versions).toEqual([hashOf('good'), hashOf('BAD! more')]);
    expect(rig.server.chunks.has(hashOf('good'))).toBe(true);
  });
});

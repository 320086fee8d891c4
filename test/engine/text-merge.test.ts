import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DiskError } from '../../src/client/ports.ts';
import { type Client, longText, pair, Rig } from './rig.ts';
import { failCall } from './wire.ts';

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const BASE = lines('1', '2', '3', '4', '5');
const ANNA = lines('1 anna', '2', '3', '4', '5');
const BEN = lines('1', '2', '3', '4', '5 ben');
const BOTH = lines('1 anna', '2', '3', '4', '5 ben');

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the server's history keeps: every version, and what merged ones were made of. */
const inHistory = ({ server }: Rig): string[] => {
  const versions = server
    .backUp()
    .map(({ entry }) => (entry?.kind === 'file' ? entry.checksum : ''));
  return [...versions, ...[...server.mergedFrom.values()].flat().map((one) => one.checksum)];
};

/** Both have edited `f`, and neither knows of the other. */
async function edited(base = BASE, anna = ANNA, ben = BEN) {
  const made = pair();
  made.anna.user.write('f', base);
  await made.rig.settle();
  made.anna.user.write('f', anna);
  made.rig.clock.pass(5000);
  made.ben.user.write('f', ben);
  return made;
}

function expectMerged(rig: Rig, content = BOTH): void {
  for (const client of rig.clients) expect(client.files()).toEqual({ f: content });
  for (const text of [BASE, ANNA, BEN, content]) {
    expect(inHistory(rig)).toContain(checksum(text));
    expect(rig.server.chunks.has(checksum(text))).toBe(true);
  }
}

const trash = async (client: Client): Promise<number> => (await client.disk.trashed()).length;

describe('[M9] two people who edit different lines of one text', () => {
  it('both have both edits, no copy is made, and the history keeps both inputs', async () => {
    const { rig, anna, ben } = await edited();
    await rig.settle();
    expectMerged(rig);
    expect([...rig.server.mergedFrom.values()]).toEqual([
      [{ checksum: checksum(BEN), size: BEN.length }],
    ]);
    expect(await trash(ben)).toBe(1);
    expect(await trash(anna)).toBe(1);
    expect(ben.session.state.made(rig.server.tree.find('root', 'f') ?? '')).toBeUndefined();
  });

  it('the merged text has the later time, and the executable bit of who set it', async () => {
    const { rig, anna, ben } = await edited();
    const later = Date.UTC(2026, 5, 1);
    anna.user.setTime('f', later);
    ben.user.setTime('f', later - 1000);
    await rig.settle();
    expectMerged(rig);
    expect((await ben.disk.look(['f']))?.mtime).toBe(later);
  });

  it('texts of several chunks merge too', async () => {
    const long = longText(5, 300_000).replace(/(.{60})/g, '$1\n');
    const { rig, anna, ben } = await edited(long, `anna\n${long}`, `${long}\nben\n`);
    await rig.settle();
    expect(anna.files()).toEqual({ f: `anna\n${long}\nben\n` });
    expect(ben.files()).toEqual(anna.files());
    expect(inHistory(rig)).toContain(checksum(`${long}\nben\n`));
  });

  it('a move here and an edit there and here: moved and merged', async () => {
    const { rig, anna, ben } = await edited();
    ben.user.rename('f', 'g');
    anna.user.makeDirectory('d');
    await rig.settle();
    expect(anna.files()).toEqual({ d: 'dir', g: BOTH });
    expect(ben.files()).toEqual(anna.files());
  });

  it('what is alike on both sides is no edit of its own: the server’s stays as it is', async () => {
    const { rig, anna, ben } = await edited(BASE, BOTH, BEN);
    await rig.settle();
    expect(anna.files()).toEqual({ f: BOTH });
    expect(ben.files()).toEqual({ f: BOTH });
    expect(rig.server.mergedFrom.size).toBe(0);
    expect(await trash(ben)).toBe(1);
  });

  it('what is alike on both sides and more here is offered as it is', async () => {
    const { rig, anna, ben } = await edited(BASE, ANNA, BOTH);
    await rig.settle();
    expect(anna.files()).toEqual({ f: BOTH });
    expect(ben.files()).toEqual({ f: BOTH });
    expect(await trash(ben)).toBe(0);
  });

  it('three people have all three edits', async () => {
    const rig = new Rig({ clients: ['anna', 'ben', 'carl'] });
    const [anna, ben, carl] = rig.clients;
    anna?.user.write('f', BASE);
    await rig.settle();
    anna?.user.write('f', ANNA);
    ben?.user.write('f', BEN);
    carl?.user.write('f', BASE.replace('3', '3 carl'));
    await rig.settle();
    for (const client of rig.clients)
      expect(client.files()).toEqual({ f: BOTH.replace('3', '3 carl') });
    for (const text of [ANNA, BEN, BASE.replace('3', '3 carl')])
      expect(inHistory(rig)).toContain(checksum(text));
  });

  it('an edit of the merged text before it is offered goes with it', async () => {
    const { rig, anna, ben } = await edited();
    await anna.round();
    ben.wire.fault = failCall(1, 'unreachable', ['commit']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    expect(ben.files()).toEqual({ f: BOTH });
    ben.restart();
    ben.user.write('f', BOTH.replace('3', '3 again'));
    await rig.settle();
    expect(anna.files()).toEqual({ f: BOTH.replace('3', '3 again') });
    expect(inHistory(rig)).toContain(checksum(BEN));
  });

  it('a merged text that comes too late is merged again, and the first input is kept', async () => {
    const { rig, anna, ben } = await edited();
    await anna.round();
    ben.wire.fault = failCall(1, 'unreachable', ['commit']);
    await ben.attempt();
    anna.user.write('f', ANNA.replace('3', '3 anna'));
    await anna.round();
    await rig.settle();
    expect(ben.files()).toEqual({ f: BOTH.replace('3', '3 anna') });
    expect(anna.files()).toEqual(ben.files());
    expect(inHistory(rig)).toContain(checksum(BEN));
  });

  it('an input that the server has lost by then is not named, and the merge is taken', async () => {
    const { rig, anna, ben } = await edited();
    await anna.round();
    ben.wire.fault = failCall(1, 'unreachable', ['commit']);
    await ben.attempt();
    rig.server.chunks.delete(checksum(BEN));
    await rig.settle();
    expect(anna.files()).toEqual({ f: BOTH });
    expect(rig.server.mergedFrom.size).toBe(0);
  });
});

describe('[M9] what cannot be merged is a conflict copy, as ever', () => {
  const copies = ({ clients: [client] }: Rig): string[] =>
    Object.values(client?.files() ?? {}).sort();

  it.each([
    ['edits of one line', ANNA, lines('1 ben', '2', '3', '4', '5')],
    ['edits that touch', ANNA, lines('1', '2 ben', '3', '4', '5')],
    ['what is no text', ANNA, `${BEN}\0`],
  ])('%s', async (_, here, there) => {
    const { rig } = await edited(BASE, here, there);
    await rig.settle();
    expect(copies(rig)).toEqual([here, there].sort());
    for (const client of rig.clients) {
      expect(client.files().f).toBe(there);
      expect(Object.values(client.files()).join('')).not.toMatch(/<<<<<<<|>>>>>>>/);
    }
  });

  it('where one client has it turned off', async () => {
    const { rig, ben } = await edited();
    Object.assign(ben.session.settings, { textMerge: false });
    await rig.settle();
    expect(copies(rig)).toEqual([ANNA, BEN].sort());
  });

  it('and the state keeps what both were made from, for who merges them later', async () => {
    const { rig, ben } = await edited();
    Object.assign(ben.session.settings, { textMerge: false });
    await rig.settle();
    const { state } = ben.session;
    const copy = [...state.local.children('root')].find((id) => state.local.get(id)?.name !== 'f');
    const base = { checksum: checksum(BASE), size: BASE.length };
    expect(state.base(copy ?? '')).toEqual(base);
    ben.user.remove(state.local.get(copy ?? '')?.name ?? '');
    await rig.settle();
    expect(state.base(copy ?? '')).toBeUndefined();
  });

  it('where the version before is lost on the server', async () => {
    const { rig } = await edited();
    rig.server.chunks.delete(checksum(BASE));
    await rig.settle();
    expect(copies(rig)).toEqual([ANNA, BEN].sort());
  });

  it('where there is no version before: both are new', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', ANNA);
    rig.clock.pass(5000);
    ben.user.write('f', BEN);
    await rig.settle();
    expect(copies(rig)).toEqual([ANNA, BEN].sort());
  });

  it('where the result would be larger than the server takes', async () => {
    const { rig, anna, ben } = pair({ server: { maxFileSize: BASE.length + 6 } });
    anna.user.write('f', BASE);
    await rig.settle();
    anna.user.write('f', ANNA);
    rig.clock.pass(5000);
    ben.user.write('f', BEN);
    await rig.settle();
    expect(copies(rig)).toEqual([ANNA, BEN].sort());
  });
});

class Killed extends Error {}

describe('[M9] changes that touch each other', () => {
  it.each([
    ['both after a line that comes again', ['1', '11', '1x1']],
    ['one deletes where the other writes', ['12', '1', '1x']],
    ['both write at one place', ['12', '1a2', '1b2']],
  ])('%s: both versions are kept', async (_, texts) => {
    const [base = '', one = '', other = ''] = texts.map((text) => lines(...text));
    const { rig, anna, ben } = await edited(base, one, other);
    await rig.settle();
    expect(Object.values(ben.files()).sort()).toEqual([one, other].sort());
    expect(anna.files()).toEqual(ben.files());
  });
});

describe('[M9] a merge that is cut off', () => {
  it.each(['before', 'power'] as const)(
    'at any step of the disk (%s) loses nothing and ends merged',
    async (how) => {
      let cut = 0;
      for (let at = 1; at < 60; at += 1) {
        const { rig, anna, ben } = await edited();
        await anna.round();
        let steps = 0;
        ben.fault = () => {
          steps += 1;
          if (steps === at) throw new Killed();
          return undefined;
        };
        const isCut = await ben.round().then(
          () => false,
          (error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return true;
          },
        );
        ben.fault = () => undefined;
        if (!isCut) break;
        cut += 1;
        if (how === 'power') ben.losePower(at % 3);
        else ben.restart();
        expect([ANNA, BEN, BOTH, BASE]).toContain(ben.files().f);
        await rig.settle();
        for (const client of rig.clients) expect(client.files()).toEqual({ f: BOTH });
        expect(inHistory(rig)).toContain(checksum(BEN));
        for (const text of [ANNA, BEN]) expect(rig.server.chunks.has(checksum(text))).toBe(true);
      }
      expect(cut).toBeGreaterThan(12);
    },
  );

  it.each(['asked', 'answered'] as const)(
    'at any question to the server (not %s) ends merged',
    async (how) => {
      for (let at = 1; at < 12; at += 1) {
        const { rig, anna, ben } = await edited();
        await anna.round();
        const fail = failCall(at, 'unreachable');
        if (how === 'asked') ben.wire.fault = fail;
        else ben.wire.loses = (call) => fail(call) !== undefined;
        await ben.attempt();
        ben.wire.heal();
        await rig.settle();
        expectMerged(rig);
      }
    },
  );

  it('by a person who saves meanwhile waits, and nothing of it is lost', async () => {
    for (const step of ['read f', 'stage', 'place f', 'look f']) {
      const { rig, anna, ben } = await edited();
      await anna.round();
      const again = BEN.replace('3', '3 again');
      let saved = false;
      ben.meanwhile = (now) => {
        if (saved || !now.startsWith(step) || ben.session.state.changed().length === 0)
          return undefined;
        if (ben.session.state.remote.get(rig.server.tree.find('root', 'f') ?? '') === undefined)
          return undefined;
        saved = true;
        ben.user.write('f', again);
        return undefined;
      };
      await ben.round();
      await rig.settle();
      expect(saved).toBe(true);
      for (const client of rig.clients)
        expect(client.files()).toEqual({ f: BOTH.replace('3', '3 again') });
    }
  });

  it('[C06] by a program that writes the same text once more, in pieces, is of the whole text', async () => {
    const { rig, anna, ben } = await edited();
    ben.onPush = () => undefined;
    await anna.round();
    let it: 'before' | 'torn' | 'read' | 'whole' = 'before';
    const next = (step: string): undefined => {
      if (it === 'before' && step === 'changes') {
        it = 'torn';
        ben.user.write('f', lines('1', '2', '3', '4'));
      } else if (it === 'torn' && step === 'read f') {
        it = 'read';
      } else if (it === 'read' && step !== 'read f') {
        it = 'whole';
        ben.user.write('f', BEN);
      }
    };
    ben.meanwhile = next;
    ben.wire.fault = next;
    await ben.round();
    await rig.settle();
    expect(it).toBe('whole');
    expectMerged(rig);
  });

  it('by a disk that refuses is tried again', async () => {
    const { rig, ben } = await edited();
    let refusals = 3;
    ben.fault = (step, path) => {
      if (step !== 'place' || path[0] !== 'f' || refusals === 0) return undefined;
      refusals -= 1;
      return new DiskError('busy', path).problem;
    };
    for (let turn = 0; turn < 5; turn += 1) await rig.settle();
    expectMerged(rig);
  });

  it('by another change of the server, while contents are fetched, takes that in', async () => {
    const { rig, anna, ben } = await edited();
    await anna.round();
    const next = ANNA.replace('2', '2 anna');
    const { fetchChunks } = ben.session.api;
    let pushed = false;
    Object.assign(ben.session.api, {
      async *fetchChunks(refs: Parameters<typeof fetchChunks>[0]) {
        if (!pushed) {
          pushed = true;
          anna.user.write('f', next);
          await anna.round();
        }
        yield* fetchChunks(refs);
      },
    });
    await ben.round();
    await rig.settle();
    expect(pushed).toBe(true);
    expect(ben.files()).toEqual({ f: BOTH.replace('2', '2 anna') });
    expect(anna.files()).toEqual(ben.files());
  });
});

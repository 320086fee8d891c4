import { describe, expect, it } from 'vitest';
import type { Sort } from '../../src/client/breaker.ts';
import { trashOf } from '../../src/client/disk/world.ts';
import { giveWord } from '../../src/client/heed.ts';
import { type Client, pair, type Rig } from './rig.ts';
import { MINUTE, SECOND, Stage } from './stage.ts';
import { failCall } from './wire.ts';

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `d${at % 3}/f${at}`);

function write(client: Client, count: number, mark = ''): void {
  for (const name of names(count)) client.user.write(name, `${name}${mark}`);
}

/** Both have the same files, and nothing is to be done. */
async function agreedOn(count: number): Promise<ReturnType<typeof pair>> {
  const world = pair();
  write(world.anna, count);
  await world.rig.settle();
  return world;
}

/** What a client asks a person about. */
const asked = ({ session }: Client): (Sort & { readonly files: number })[] =>
  session.breaker.holds.map(({ direction, deed, losses }) => ({
    direction,
    deed,
    files: losses.length,
  }));

async function word(rig: Rig, client: Client, verb: 'approve' | 'undo'): Promise<void> {
  giveWord(client.session, verb);
  await rig.settle();
}

/** The first files go before a mass of them can be told. */
const contents = (client: Client): number =>
  Object.values(client.files()).filter((content) => content !== 'dir').length;

describe('a mass of deletions', () => {
  it('[B15] [S15] of more files than a person would delete is held, however many there are', async () => {
    const { rig, anna, ben } = await agreedOn(1100);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'delete', files: 1100 }]);
    expect(contents(ben)).toBe(1100);
  });

  it('[B15] [B04] [S15] made here is held, and the rest goes on; approved, it is carried out', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    anna.user.write('new', 'N');
    await rig.settle();
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'delete', files: 40 }]);
    expect(contents(ben)).toBe(41);
    expect(anna.files()).toEqual({ new: 'N' });
    await word(rig, anna, 'approve');
    expect(asked(anna)).toEqual([]);
    expect(rig.serverFiles()).toEqual(new Map([['new', 'N']]));
    await word(rig, ben, 'approve');
    expect(ben.files()).toEqual({ new: 'N' });
    expect(anna.session.state.allowed()).toEqual(new Map());
  });

  it('[B15] [S16] made here is undone by one word: everything comes back, empty directories too', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    anna.user.makeDirectory('d0/empty');
    await rig.settle();
    const before = ben.files();
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    await word(rig, anna, 'undo');
    expect(anna.files()).toEqual(before);
    expect(ben.files()).toEqual(before);
    expect(asked(anna)).toEqual([]);
  });

  it('[B15] [G07] [S15] that comes from the server is held here, and goes on elsewhere', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    const before = ben.files();
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    await word(rig, anna, 'approve');
    expect(asked(ben)).toEqual([{ direction: 'incoming', deed: 'delete', files: 40 }]);
    expect(ben.files()).toEqual(before);
    await word(rig, ben, 'approve');
    expect(ben.files()).toEqual({});
    expect(trashOf(ben.user).size).toBe(40);
  });

  it('[B15] [G07] [S16] that comes from the server is undone by one word: everything is offered again', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    const before = ben.files();
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    await word(rig, anna, 'approve');
    await word(rig, ben, 'undo');
    expect(ben.files()).toEqual(before);
    expect(anna.files()).toEqual(before);
  });

  it('[B15] is still held after a restart, and a word is still kept', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    anna.restart();
    await rig.settle();
    expect(asked(anna)).toHaveLength(1);
    expect(contents(ben)).toBe(40);
    giveWord(anna.session, 'approve');
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    expect(await anna.attempt()).toBeDefined();
    anna.wire.heal();
    anna.restart();
    await anna.round();
    expect(asked(anna)).toEqual([]);
    expect(rig.serverFiles()).toEqual(new Map());
  });

  it('[S16] a word is for what was shown: what came since is asked about anew', async () => {
    const { rig, anna, ben } = await agreedOn(80);
    anna.user.remove('d0');
    anna.user.remove('d1');
    await rig.settle();
    const shown = anna.session.breaker.holds.map(({ id }) => id);
    anna.user.remove('d2');
    const heeded: number[] = [];
    anna.session.breaker.word = {
      verbs: Object.fromEntries(shown.map((id) => [id, 'approve'])),
      heeded: (meant) => void heeded.push(meant.length),
    };
    await rig.settle();
    expect(heeded).toEqual([0]);
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'delete', files: 80 }]);
    expect(contents(ben)).toBe(80);
  });

  it('[S15] that is seen in pieces is a mass too', async () => {
    const { anna, ben, rig } = await agreedOn(60);
    rig.clock.pass(10 * 60_000);
    for (const name of names(60)) {
      anna.user.remove(name);
      await anna.round();
    }
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'delete', files: 31 }]);
    await rig.settle();
    expect(contents(ben)).toBe(31);
  });

  it('[S15] of files that come and go, like those of a build, is none, however many they are', async () => {
    const { anna, ben, rig } = await agreedOn(12);
    rig.clock.pass(10 * 60_000);
    for (let turn = 0; turn < 40; turn += 1) {
      anna.user.write(`made ${turn}`, `made ${turn}`);
      await anna.round();
      await ben.round();
      anna.user.remove(`made ${turn}`);
      await anna.round();
      await ben.round();
    }
    expect([asked(anna), asked(ben)]).toEqual([[], []]);
    expect(contents(ben)).toBe(12);
  });

  it('[S15] that takes long enough is housekeeping', async () => {
    const { anna, ben, rig } = await agreedOn(60);
    for (const name of names(50)) {
      anna.user.remove(name);
      await rig.settle();
    }
    expect([asked(anna), asked(ben)]).toEqual([[], []]);
    expect(contents(ben)).toBe(10);
  });

  it('[S15] of contents that live on elsewhere is a move', async () => {
    const { anna, ben, rig } = await agreedOn(40);
    for (const name of names(40)) anna.user.write(`copy/${name}`, name);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    expect([asked(anna), asked(ben)]).toEqual([[], []]);
    expect(ben.files()).toEqual(anna.files());
    anna.user.rename('copy', 'moved');
    await rig.settle();
    expect(ben.files()).toEqual(anna.files());
  });

  it('[S15] of files that are made again at their paths is none: a new build lets go what was held', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    expect(asked(anna)).toHaveLength(1);
    write(anna, 40, ' built again');
    await rig.settle();
    expect([asked(anna), asked(ben)]).toEqual([[], []]);
    expect(ben.files()).toEqual(anna.files());
    expect(ben.files()).toHaveProperty('d0/f0', 'd0/f0 built again');
  });

  it('[S15] of very many files that are made again is a mass of overwrites; undone, both are kept', async () => {
    const { rig, anna, ben } = await agreedOn(60);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    write(anna, 60, ' built again');
    await rig.settle();
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'overwrite', files: 60 }]);
    expect(ben.files()).toHaveProperty('d0/f0', 'd0/f0');
    await word(rig, anna, 'undo');
    expect(asked(anna)).toEqual([]);
    const held = Object.values(anna.files());
    for (const name of names(60))
      expect(held).toEqual(expect.arrayContaining([name, `${name} built again`]));
    expect(ben.files()).toEqual(anna.files());
  });

  it('[B15] a file that somebody edits meanwhile lives on, and the others are held', async () => {
    const { rig, anna, ben } = await agreedOn(40);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    ben.user.write('d0/f0', 'edited');
    await rig.settle();
    expect(anna.files()).toEqual({ d0: 'dir', 'd0/f0': 'edited' });
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'delete', files: 39 }]);
  });
});

describe('a mass of overwrites', () => {
  it('[B15] [S15] made here is held; undone, the server’s contents are back and ours are in the trash', async () => {
    const { rig, anna, ben } = await agreedOn(60);
    const before = ben.files();
    write(anna, 60, ' encrypted');
    await rig.settle();
    expect(asked(anna)).toEqual([{ direction: 'outgoing', deed: 'overwrite', files: 60 }]);
    expect(ben.files()).toEqual(before);
    await word(rig, anna, 'undo');
    expect([anna.files(), ben.files()]).toEqual([before, before]);
    expect([...trashOf(anna.user).values()]).toContain('d0/f0 encrypted');
    expect(asked(anna)).toEqual([]);
  });

  it('[B15] [S15] that comes from the server is held; undone, ours are offered again', async () => {
    const { rig, anna, ben } = await agreedOn(60);
    const before = ben.files();
    write(anna, 60, ' encrypted');
    await rig.settle();
    await word(rig, anna, 'approve');
    expect(asked(ben)).toEqual([{ direction: 'incoming', deed: 'overwrite', files: 60 }]);
    expect(ben.files()).toEqual(before);
    await word(rig, ben, 'undo');
    expect(ben.files()).toEqual(before);
    expect(asked(anna)).toEqual([{ direction: 'incoming', deed: 'overwrite', files: 60 }]);
    await word(rig, anna, 'approve');
    expect(anna.files()).toEqual(before);
  });

  it('[B15] approved on both sides, goes everywhere', async () => {
    const { rig, anna, ben } = await agreedOn(60);
    write(anna, 60, ' formatted');
    await rig.settle();
    await word(rig, anna, 'approve');
    await word(rig, ben, 'approve');
    expect(ben.files()).toEqual(anna.files());
    expect(ben.files()).toHaveProperty('d0/f0', 'd0/f0 formatted');
    expect(ben.session.state.allowed()).toEqual(new Map());
  });

  it('[B22] new times and modes for every file are no overwrites, and send no content', async () => {
    const { rig, anna, ben } = await agreedOn(60);
    const stored = rig.server.chunks.size;
    for (const name of names(60)) anna.user.setTime(name, Date.UTC(2026, 5, 5, 5, 5, 5, 5));
    await rig.settle();
    expect([asked(anna), asked(ben)]).toEqual([[], []]);
    expect(rig.server.chunks.size).toBe(stored);
    expect(await ben.disk.look(['d0', 'f0'])).toMatchObject({
      mtime: Date.UTC(2026, 5, 5, 5, 5, 5, 5),
    });
    expect(trashOf(ben.user).size).toBe(0);
  });
});

describe('[S16] a client that ends at any step of what it was told', () => {
  const isCrash = (error: unknown): boolean => error instanceof Error && error.message === 'crash';

  /** One round that ends when the state is written for the `n`th time; whether it came so far. */
  async function endAt(client: Client, n: number): Promise<boolean> {
    let written = 0;
    client.onState = (call) => {
      if (call === 'record') written += 1;
      if (written === n) throw new Error('crash');
    };
    const ended = await client.round().then(() => false, isCrash);
    client.onState = () => undefined;
    client.restart();
    return ended;
  }

  /** Ends at the first write, at the second, … until a round has no more of them. Answers how many it had. */
  async function atEveryStep(
    prepare: () => Promise<{ rig: Rig; client: Client }>,
    { verb, check }: { verb: 'approve' | 'undo'; check: (rig: Rig) => void },
  ): Promise<number> {
    for (let n = 1; ; n += 1) {
      const { rig, client } = await prepare();
      giveWord(client.session, verb);
      const ended = await endAt(client, n);
      // The word lies in its file until it is in the state, so the next start hears it again.
      await rig.settle();
      if (asked(client).length > 0) await word(rig, client, verb);
      for (const other of rig.clients)
        if (other !== client && asked(other).length > 0) await word(rig, other, 'approve');
      check(rig);
      if (!ended) return n - 1;
    }
  }

  const deletedBy = async (isHere: boolean) => {
    const { rig, anna, ben } = await agreedOn(30);
    for (const top of ['d0', 'd1', 'd2']) anna.user.remove(top);
    await rig.settle();
    if (!isHere) await word(rig, anna, 'approve');
    return { rig, client: isHere ? anna : ben };
  };

  const overwrittenBy = async (isHere: boolean) => {
    const { rig, anna, ben } = await agreedOn(51);
    write(anna, 51, ' encrypted');
    await rig.settle();
    if (!isHere) await word(rig, anna, 'approve');
    return { rig, client: isHere ? anna : ben };
  };

  const everywhere =
    (count: number, content: string | undefined) =>
    (rig: Rig): void => {
      for (const client of rig.clients) {
        expect(contents(client)).toBe(count);
        expect(client.files()['d0/f0']).toBe(content);
        expect(client.session.state.allowed().size).toBe(0);
      }
    };

  it.each([
    ['deletions made here', () => deletedBy(true), everywhere(30, 'd0/f0')],
    ['deletions from the server', () => deletedBy(false), everywhere(30, 'd0/f0')],
    ['overwrites made here', () => overwrittenBy(true), everywhere(51, 'd0/f0')],
    ['overwrites from the server', () => overwrittenBy(false), everywhere(51, 'd0/f0')],
  ])('undoes %s in the end', async (_, prepare, check) => {
    expect(await atEveryStep(prepare, { verb: 'undo', check })).toBeGreaterThan(2);
  });

  it.each([
    ['deletions made here', () => deletedBy(true), everywhere(0, undefined)],
    ['deletions from the server', () => deletedBy(false), everywhere(0, undefined)],
    ['overwrites made here', () => overwrittenBy(true), everywhere(51, 'd0/f0 encrypted')],
    ['overwrites from the server', () => overwrittenBy(false), everywhere(51, 'd0/f0 encrypted')],
  ])('carries out %s in the end', async (_, prepare, check) => {
    expect(await atEveryStep(prepare, { verb: 'approve', check })).toBeGreaterThan(1);
  });
});

describe('[S15] the synchronizer', () => {
  it('[B15] asks once instead of resting, and goes on at once when it was told', async () => {
    const stage = new Stage();
    for (let at = 0; at < 12; at += 1) stage.disk.user.write(`f${at}`, `${at}`);
    await stage.start();
    await stage.pass(MINUTE);
    expect(stage.serverNames).toHaveLength(12);
    for (let at = 0; at < 12; at += 1) stage.disk.user.remove(`f${at}`);
    stage.watcher.dirty([]);
    await stage.pass(SECOND);
    expect(stage.conditions.at(-1)).toMatchObject({
      type: 'asking',
      holds: [{ direction: 'outgoing', deed: 'delete', files: 12 }],
    });
    const told = stage.conditions.length;
    await stage.pass(5 * MINUTE);
    expect(stage.types().slice(told)).toEqual([]);
    const [{ id } = { id: '' }] = stage.synchronizer.session.breaker.holds;
    stage.synchronizer.giveWord({ verbs: { [id]: 'approve' }, heeded: () => {} });
    await stage.pass(SECOND);
    expect(stage.serverNames).toEqual([]);
    expect(stage.types().at(-1)).toBe('resting');
    await stage.stop();
  });
});

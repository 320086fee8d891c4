import { describe, expect, it } from 'vitest';
import type { Sort } from '../../src/client/breaker.ts';
import { trashOf } from '../../src/client/disk/world.ts';
import { giveWord } from '../../src/client/heed.ts';
import { type Client, pair, type Rig } from './rig.ts';
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

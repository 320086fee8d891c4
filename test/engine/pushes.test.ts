import { describe, expect, it } from 'vitest';
import { syncOnce } from '../../src/client/sync.ts';
import { quiet } from './quiet.ts';
import { pair } from './rig.ts';

// What the server tells by itself, when it comes at another moment than it should.

/** Somebody else makes a directory of this name, in a commit of its own. */
async function make({ rig }: Pick<ReturnType<typeof pair>, 'rig'>, name: string): Promise<void> {
  const change = { node: name, kind: 'directory', place: { parent: 'root', name } } as const;
  const changes = [{ type: 'create', ...change }] as const;
  await rig.server.api('carl', 'Carl').commit({ key: name, changes, manifests: [], chunks: [] });
}

describe('a commit that the server tells of', () => {
  it('[E02] is no reason to forget the one before, which was lost on the way', async () => {
    const world = pair();
    const { rig, anna, ben } = world;
    await quiet(rig);
    let lost = 0;
    ben.onPush = (event, take) => {
      if (lost === 0) lost += 1;
      else take(event);
    };
    await make(world, 'first');
    await make(world, 'second');
    await make(world, 'third');
    expect(lost).toBe(1);
    await quiet(rig);
    expect(ben.files()).toEqual({ first: 'dir', second: 'dir', third: 'dir' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[E02] twice is told once', async () => {
    const world = pair();
    const { rig, ben } = world;
    await quiet(rig);
    ben.onPush = (event, take) => {
      take(event);
      take(event);
    };
    await make(world, 'first');
    await make(world, 'second');
    await quiet(rig);
    expect(ben.files()).toEqual({ first: 'dir', second: 'dir' });
  });

  it('[S5] [B18] before it went back in time is not taken after it took something of ours since', async () => {
    const world = pair();
    const { rig, anna, ben } = world;
    anna.user.write('a', 'A');
    await quiet(rig);
    const backup = rig.server.backUp();
    let late = (): void => {};
    ben.onPush = (event, take) => {
      late = () => take(event);
    };
    anna.user.remove('a');
    await anna.round();
    const deliver = late;
    rig.server.restore(backup);
    // Ben is in the middle of a round, and has not heard yet that the connection broke.
    anna.session.welcome = undefined;
    await make(world, 'since');
    for (const name of ['new', 'newer']) ben.user.write(name, name);
    const { rest } = await syncOnce(Object.assign(ben.session, { behind: false }), 'everything');
    expect(rest).toBe(false);
    deliver();
    for (const client of rig.clients) await client.attempt();
    await quiet(rig);
    expect(ben.files()).toEqual({ a: 'A', new: 'new', newer: 'newer', since: 'dir' });
    expect(anna.files()).toEqual(ben.files());
  });

  it('[S5] of another history that counts alike is not taken for one of this', async () => {
    const world = pair();
    const { rig, anna, ben } = world;
    anna.user.write('a', 'A');
    anna.user.write('b', 'B');
    await quiet(rig);
    const { cursor } = rig.server;
    rig.server.epoch = 'epoch-2';
    rig.server.forgetAll();
    for (let n = 0; n < cursor; n += 1) await make(world, `n${n}`);
    await make(world, 'next');
    expect(rig.server.cursor).toBe(cursor + 1);
    for (const client of rig.clients) await client.attempt();
    await quiet(rig);
    const wanted = { a: 'A', b: 'B', n0: 'dir', n1: 'dir', next: 'dir' };
    expect([anna.files(), ben.files()]).toEqual([wanted, wanted]);
    expect(Object.fromEntries(rig.serverFiles())).toEqual(wanted);
  });

  it('[S5] [B18] before it is known which history it is of, waits until that is', async () => {
    const world = pair();
    const { rig, anna, ben } = world;
    anna.user.write('old', 'O');
    await quiet(rig);
    const backup = rig.server.backUp();
    anna.user.write('newer', 'N');
    await quiet(rig);
    const { cursor } = rig.server;
    rig.server.restore(backup);
    for (const client of rig.clients) client.session.welcome = undefined;
    while (rig.server.cursor <= cursor) await make(world, `n${rig.server.cursor}`);
    await quiet(rig);
    const names = Object.keys(ben.files());
    expect(names).toHaveLength(4);
    expect(ben.files()).toMatchObject({ old: 'O', newer: 'N' });
    expect(anna.files()).toEqual(ben.files());
    expect(Object.fromEntries(rig.serverFiles())).toEqual(ben.files());
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import type { LiveEvent } from './live-connection.ts';
import { pull, takePushed } from './pull.ts';

type Pushed = Extract<LiveEvent, { type: 'changed' }>;

let rig: Rig;
let anna: Client;
let ben: Client;
let pushed: Pushed[];
beforeEach(async () => {
  ({ rig, anna, ben } = pair({ server: { page: 2 } }));
  pushed = [];
  ben.onPush = (event) => void pushed.push(event);
  await rig.settle();
});

/** Anna makes a directory of each of these names, each a commit. */
async function make(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    anna.user.makeDirectory(name);
    await anna.round();
  }
}

const known = (): string[] => {
  const { remote } = ben.session.state;
  return [...remote.children('root')].map((id) => remote.get(id)?.name ?? '').sort();
};

describe('pull', () => {
  it('asks nothing where nothing is known to be new', async () => {
    ben.session.behind = false;
    const asked = ben.wire.calls.length;
    await pull(ben.session);
    expect(ben.wire.calls).toHaveLength(asked);
  });

  it('brings all pages of one snapshot', async () => {
    await make('a', 'b', 'c', 'd', 'e');
    ben.session.behind = true;
    await pull(ben.session);
    expect(known()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ben.session.state.standing).toMatchObject({ cursor: 5, pulling: undefined });
    expect(ben.session.behind).toBe(false);
  });

  it('goes on where it was cut off, then with what came since', async () => {
    await make('a', 'b', 'c');
    ben.session.behind = true;
    let asked = 0;
    ben.wire.loses = (call) => {
      asked += call === 'changes' ? 1 : 0;
      return asked === 2;
    };
    await expect(pull(ben.session)).rejects.toMatchObject({ code: 'unreachable' });
    expect(ben.session.state.standing).toMatchObject({ cursor: 2, pulling: { until: 3 } });
    await make('d');
    ben.session.behind = true;
    await pull(ben.session);
    expect(known()).toEqual(['a', 'b', 'c', 'd']);
    expect(ben.session.state.standing).toMatchObject({ cursor: 4, pulling: undefined });
  });

  it('introduces itself once for every connection, and asks then', async () => {
    await make('a');
    ben.session.behind = false;
    ben.session.welcome = undefined;
    const asked = ben.wire.calls.length;
    await pull(ben.session);
    expect(ben.wire.calls.slice(asked)).toEqual(['register', 'changes']);
    expect(known()).toEqual(['a']);
  });

  it('ends the round where the history changed in between; the next introduction begins anew', async () => {
    await make('a');
    await ben.round();
    rig.server.epoch = 'epoch-2';
    ben.session.behind = true;
    await expect(pull(ben.session)).rejects.toMatchObject({ code: 'wrong_epoch', retry: true });
    expect(known()).toEqual(['a']);
    ben.session.welcome = undefined;
    rig.server.forgetAll();
    await pull(ben.session);
    expect(known()).toEqual([]);
    const { state } = ben.session;
    expect([...state.local.children('root')]).toHaveLength(1);
    expect([...state.synced.children('root')]).toEqual([]);
    expect(state.standing).toMatchObject({ epoch: 'epoch-2', cursor: 0 });
  });
});

describe('what is pushed', () => {
  it('is taken when it is the very next', async () => {
    await make('a', 'b');
    const [first, second] = pushed;
    if (first === undefined || second === undefined) throw new Error('Both were pushed.');
    expect(takePushed(ben.session, second)).toBe(false);
    expect(takePushed(ben.session, first)).toBe(true);
    expect(takePushed(ben.session, first)).toBe(false);
    expect(takePushed(ben.session, second)).toBe(true);
    expect(known()).toEqual(['a', 'b']);
    expect(ben.session.state.standing.cursor).toBe(2);
  });

  it('is not taken from another history, nor while pages are still to come', async () => {
    await make('a');
    const [first] = pushed;
    if (first === undefined) throw new Error('It was pushed.');
    expect(takePushed(ben.session, { ...first, epoch: 'another' })).toBe(false);
    ben.session.state.record([{ type: 'standing', standing: { pulling: { until: 7 } } }]);
    expect(takePushed(ben.session, first)).toBe(false);
    expect(known()).toEqual([]);
  });

  it('[B18] is not taken before the introduction: the history may be another that counts alike', async () => {
    await make('a');
    const [first] = pushed;
    if (first === undefined) throw new Error('It was pushed.');
    ben.session.welcome = undefined;
    expect(takePushed(ben.session, first)).toBe(false);
    expect(known()).toEqual([]);
  });

  it('keeps the newest small contents at hand, and not more than 8 MiB of them', async () => {
    const bytes = new Uint8Array(3 * 1024 * 1024);
    const chunk = (hash: string) => ({ hash, size: bytes.length, bytes });
    const event = { type: 'changed', changes: [], epoch: 'epoch-1', since: 0, chain: 'c' } as const;
    takePushed(ben.session, { ...event, chunks: [chunk('1'), chunk('2')] });
    takePushed(ben.session, { ...event, chunks: [chunk('1'), chunk('3')] });
    expect([...ben.session.pushed.keys()]).toEqual(['1', '3']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, type NodeId, ROOT } from '../../core/entry.ts';
import type { ClientState, Note, Seen } from '../ports.ts';
import { agree, directory, file, local, remote, synced, versioned } from './example-notes.ts';
import { agreesWithMaps } from './maps/contract.ts';

/** Where one state is kept. `remove` also closes what is open. */
export interface StateHome {
  open(): ClientState;
  remove(): void;
}

/** What every ClientState does. `make` answers the home of a new one. */
export function clientStateContract(name: string, make: () => StateHome): void {
  describe(`client state contract: ${name}`, () => {
    let home: StateHome;
    let state: ClientState;
    beforeEach(() => {
      home = make();
      state = home.open();
    });
    afterEach(() => home.remove());
    const reopen = (): ClientState => {
      state.close();
      state = home.open();
      return state;
    };

    describe('trees', () => treeContract(() => state));
    describe('changed', () => changedContract(() => state));
    describe('seen', () => seenContract(() => state));
    describe('adopt', () => adoptContract(() => state));
    describe('the rest', () => restContract(() => state));
    describe('reopened', () => reopenContract(() => state, reopen));
    it('agrees with plain maps, whatever is noted', () => agreesWithMaps(make));
  });
}

type Get = () => ClientState;

function treeContract(state: Get): void {
  it('is empty at first, and the root has no entry', () => {
    for (const tree of [state().synced, state().local, state().remote]) {
      expect(tree.get(ROOT)).toBeUndefined();
      expect([...tree.children(ROOT)]).toEqual([]);
      expect(tree.find(ROOT, 'a')).toBeUndefined();
      expect(tree.named(ROOT, 'a')).toEqual([]);
    }
    expect(() => state().record([local(ROOT, directory('a'))])).toThrow(TypeError);
  });

  it('keeps every kind of entry as it was given', () => {
    const entries: Entry[] = [
      { ...file('weiß 🎉'), size: 2 ** 40, mtime: -86_400_001, executable: true },
      directory("o'brien; --"),
      { kind: 'symlink', parent: ROOT, name: 'link', target: '../x' },
    ];
    state().record(entries.map((entry, at) => local(`n${at}`, entry)));
    state().record(entries.map((entry, at) => remote(`n${at}`, versioned(entry, 2 ** 40))));
    state().record(entries.map((entry, at) => synced(`n${at}`, versioned(entry, 7))));
    entries.forEach((entry, at) => {
      expect(state().local.get(`n${at}`)).toEqual(entry);
      expect(state().remote.get(`n${at}`)).toEqual(versioned(entry, 2 ** 40));
      expect(state().synced.get(`n${at}`)).toEqual(versioned(entry, 7));
    });
  });

  it('gives no versions to local entries, wherever they come from', () => {
    state().record([synced('a', versioned(file('f'), 3)), local('a', versioned(file('f'), 3))]);
    state().record([synced('b', versioned(file('g'), 3)), local('b', versioned(file('h'), 3))]);
    expect(state().local.get('a')).toEqual(file('f'));
    expect(state().local.get('b')).toEqual(file('h'));
  });

  it('finds by name as bytes, and names both twins', () => {
    state().record([local('a', file('x')), local('b', file('x')), local('c', file('X'))]);
    expect([...state().local.named(ROOT, 'x')].sort()).toEqual(['a', 'b']);
    expect(['a', 'b']).toContain(state().local.find(ROOT, 'x'));
    expect(state().local.find(ROOT, 'X')).toBe('c');
  });

  it('lists children as they are at the call, and may be written to meanwhile', () => {
    state().record([local('a', directory('a')), local('b', directory('b'))]);
    const met: NodeId[] = [];
    for (const id of state().local.children(ROOT)) {
      expect([...state().local.children(ROOT)]).not.toEqual([]);
      state().record([local(id, undefined), local(`${id}2`, file(`${id}2`))]);
      met.push(id);
    }
    expect(met.sort()).toEqual(['a', 'b']);
    expect([...state().local.children(ROOT)].sort()).toEqual(['a2', 'b2']);
  });

  it('setting synced leaves what local and remote say', () => {
    state().record([local('a', file('f')), remote('b', versioned(file('g'), 2))]);
    state().record([
      synced('a', versioned(file('other'), 1)),
      synced('b', versioned(file('g'), 1)),
      synced('c', versioned(file('c'), 1)),
    ]);
    expect(state().local.get('a')).toEqual(file('f'));
    expect(state().remote.get('a')).toBeUndefined();
    expect(state().remote.get('b')).toEqual(versioned(file('g'), 2));
    expect(state().local.get('b')).toBeUndefined();
    expect([...state().local.children(ROOT), ...state().remote.children(ROOT)]).toEqual(['a', 'b']);
    state().record([synced('a', undefined), synced('b', undefined), synced('c', undefined)]);
    expect([...state().local.children(ROOT), ...state().remote.children(ROOT)]).toEqual(['a', 'b']);
    expect([...state().synced.children(ROOT)]).toEqual([]);
  });
}

function changedContract(state: Get): void {
  it('names a node while a side differs in place, content or existence', () => {
    agree(state(), 'a', file('f'));
    expect(state().changed()).toEqual([]);
    for (const entry of [file('g'), { ...file('f'), parent: 'd' }, { ...file('f'), mtime: 5 }]) {
      state().record([local('a', entry)]);
      expect(state().changed()).toEqual(['a']);
    }
    state().record([local('a', undefined)]);
    expect(state().changed()).toEqual(['a']);
    state().record([local('a', file('f'))]);
    expect(state().changed()).toEqual([]);
  });

  it('names a node while remote and synced differ in their versions or author', () => {
    agree(state(), 'a', file('f'));
    const entry = versioned(file('f'), 1);
    for (const other of [{ placeVersion: 2 }, { contentVersion: 2 }, { author: 'else' }]) {
      state().record([remote('a', { ...entry, ...other })]);
      expect(state().changed()).toEqual(['a']);
      state().record([synced('a', { ...entry, ...other })]);
      expect(state().changed()).toEqual([]);
      state().record([remote('a', entry), synced('a', entry)]);
    }
  });

  it('tells a few of those that changed there alone, the first ones first', () => {
    for (const id of ['c', 'a', 'b']) state().record([remote(id, versioned(file(id), 1))]);
    expect(state().changedThere(2)).toEqual(['c', 'a']);
    expect(state().changedThere(9)).toEqual(['c', 'a', 'b']);
    agree(state(), 'c', file('c'));
    expect(state().changedThere(9)).toEqual(['a', 'b']);
    expect(state().changedCount()).toBe(2);
    state().record([local('d', file('d'))]);
    expect(state().changedThere(9)).toBeUndefined();
    expect(state().changedCount()).toBe(3);
  });

  it('forgets a node that is gone on all three sides', () => {
    agree(state(), 'a', file('f'));
    state().record([synced('a', undefined)]);
    expect(state().changed()).toEqual(['a']);
    state().record([local('a', undefined), remote('a', undefined)]);
    expect(state().changed()).toEqual([]);
  });
}

function seenContract(state: Get): void {
  const look = (inode: string, fingerprint = 'p'): Seen => ({ inode, fingerprint });

  it('stays when a local entry comes without it, and goes with the local entry', () => {
    state().record([local('a', file('f'), look('i'))]);
    state().record([local('a', file('g'))]);
    expect(state().seen('a')).toEqual(look('i'));
    expect(state().byInode('i')).toBe('a');
    state().record([synced('a', versioned(file('g'), 1)), synced('a', undefined)]);
    expect(state().seen('a')).toEqual(look('i'));
    state().record([local('a', undefined)]);
    expect(state().seen('a')).toBeUndefined();
    expect(state().byInode('i')).toBeUndefined();
    state().record([local('a', file('f'))]);
    expect(state().seen('a')).toBeUndefined();
  });

  it('tells the node that was last seen with an inode', () => {
    state().record([local('a', file('a'), look('i')), local('b', file('b'), look('i'))]);
    expect(state().byInode('i')).toBe('b');
    state().record([local('a', file('a'), look('i'))]);
    expect(state().byInode('i')).toBe('a');
    state().record([local('a', file('a'), look('j'))]);
    expect(state().byInode('i')).toBe('b');
    expect(state().byInode('j')).toBe('a');
  });

  it('gives the empty inode to nobody', () => {
    state().record([local('a', file('a'), look('', ''))]);
    expect(state().byInode('')).toBeUndefined();
    expect(state().seen('a')).toEqual(look('', ''));
  });
}

function adoptContract(state: Get): void {
  it('moves local entry, what was seen, and the children’s parent', () => {
    const look = { inode: 'i', fingerprint: 'p' };
    state().record([local('mine', directory('d'), look), local('c', file('c', 'mine'))]);
    state().record([remote('theirs', versioned(directory('d'), 1))]);
    state().record([{ type: 'adopt', node: 'mine', to: 'theirs' }]);
    expect(state().local.get('mine')).toBeUndefined();
    expect(state().local.get('theirs')).toEqual(directory('d'));
    expect([...state().local.children('theirs')]).toEqual(['c']);
    expect([...state().local.children('mine')]).toEqual([]);
    expect([state().seen('mine'), state().seen('theirs')]).toEqual([undefined, look]);
    expect(state().byInode('i')).toBe('theirs');
    expect(state().changed().sort()).toEqual(['c', 'theirs']);
  });

  it('sees what was noted before it in the same call', () => {
    state().record([
      local('a', directory('d')),
      local('c', file('c', 'a')),
      { type: 'adopt', node: 'a', to: 'b' },
    ]);
    expect(state().local.get('c')).toEqual(file('c', 'b'));
  });

  it('replaces nothing, and adopts nothing that is not there', () => {
    state().record([local('a', file('a')), local('b', file('b'))]);
    for (const note of [{ to: 'b' }, { to: 'a' }, { to: ROOT }, { node: 'x', to: 'y' }]) {
      const adopt = { type: 'adopt', node: 'a', ...note } as const;
      expect(() => state().record([local('z', file('z')), adopt])).toThrow(TypeError);
    }
    expect(state().local.get('a')).toEqual(file('a'));
    expect(state().local.get('z'), 'all of one record call, or nothing').toBeUndefined();
  });
}

function restContract(state: Get): void {
  it('stands at the beginning, under names of its own', () => {
    const { clientId, instance, ...rest } = state().standing;
    expect(rest).toEqual({ epoch: undefined, cursor: 0, pulling: undefined });
    expect(clientId).not.toBe('');
    expect(clientId).not.toBe(instance);
  });

  it('takes of the standing only what is noted', () => {
    const { clientId, instance } = state().standing;
    state().record([{ type: 'standing', standing: { epoch: 'e', pulling: { until: 9 } } }]);
    state().record([{ type: 'standing', standing: { cursor: 5 } }]);
    const rest = { epoch: 'e', cursor: 5, pulling: { until: 9 } };
    expect(state().standing).toEqual({ clientId, instance, ...rest });
    state().record([{ type: 'standing', standing: { pulling: undefined } }]);
    expect(state().standing).toEqual({ clientId, instance, ...rest, pulling: undefined });
    state().record([{ type: 'standing', standing: { instance: 'another' } }]);
    expect(state().standing).toMatchObject({ clientId, instance: 'another', cursor: 5 });
  });

  it('remembers the manifest that was noted last', () => {
    expect(state().manifest('sum')).toBeUndefined();
    const chunks = [
      { hash: 'h1', size: 1 },
      { hash: 'h2', size: 2 },
    ];
    for (const manifest of [
      { checksum: 'sum', size: 3, chunks },
      { checksum: 'sum', size: 0, chunks: [] },
    ]) {
      state().record([{ type: 'manifest', manifest }]);
      expect(state().manifest('sum')).toEqual(manifest);
    }
  });

  it('finds what both agreed on by its content', () => {
    agree(state(), 'a', file('a'));
    agree(state(), 'b', { ...file('b'), checksum: 'other' });
    agree(state(), 'd', directory('d'));
    state().record([local('new', file('new')), local('a', undefined)]);
    expect(state().nodesWith(new Set(['c', 'nothing']))).toEqual(['a']);
    expect(
      state()
        .nodesWith(new Set(['c', 'other']))
        .sort(),
    ).toEqual(['a', 'b']);
    expect(state().nodesWith(new Set())).toEqual([]);
  });

  it('remembers what was allowed, the last word of each node, until it is spent', () => {
    const allow = (node: string, what?: string): Note => ({ type: 'allowed', node, what });
    expect(state().allowed()).toEqual(new Map());
    state().record([allow('a', 'x'), allow('b', 'y'), allow('a', 'z')]);
    expect(state().allowed()).toEqual(new Map(Object.entries({ a: 'z', b: 'y' })));
    state().record([allow('b'), allow('nowhere')]);
    expect(state().allowed()).toEqual(new Map([['a', 'z']]));
  });

  it('[M9] remembers what a conflict copy was made from, as long as it is there', () => {
    const base = { checksum: 'c1', size: 1 };
    state().record([local('a', file('a')), local('b', file('b'))]);
    state().record([
      { type: 'base', node: 'a', base },
      { type: 'base', node: 'b', base },
    ]);
    expect([state().base('a'), state().base('nowhere')]).toEqual([base, undefined]);
    state().record([local('a', undefined), { type: 'base', node: 'b', base: undefined }]);
    expect([state().base('a'), state().base('b')]).toEqual([undefined, undefined]);
  });

  it('[M9] remembers what a content was merged from, until it was taken or the file is gone', () => {
    const from = [{ checksum: 'c1', size: 1 }];
    const made = (node: string, checksum?: string): Note => ({
      type: 'merged',
      node,
      made: checksum === undefined ? undefined : { checksum, from },
    });
    expect(state().made('a')).toBeUndefined();
    state().record([local('a', file('a')), local('b', file('b')), local('c', file('c'))]);
    state().record([made('a', 'x'), made('b', 'y'), made('c', 'z'), made('a', 'z')]);
    expect(state().made('a')).toEqual({ checksum: 'z', from });
    state().record([made('a'), made('nowhere'), local('b', undefined)]);
    expect(state().made('a')).toBeUndefined();
    expect(state().made('b')).toBeUndefined();
    expect(state().made('c')).toEqual({ checksum: 'z', from });
    state().record([{ type: 'adopt', node: 'c', to: 'd' }]);
    expect([state().made('c'), state().made('d')]).toEqual([undefined, undefined]);
  });

  it('counts the local tree', () => {
    expect(state().counts()).toEqual({ files: 0, directories: 0, bytes: 0 });
    agree(state(), 'a', file('a'));
    agree(state(), 'd', directory('d'));
    agree(state(), 'gone', file('gone'));
    const link = { kind: 'symlink', parent: ROOT, name: 'l', target: 'a' } as const;
    const larger = { ...file('a'), size: 100 };
    state().record([local('a', larger), local('gone', undefined), local('b', file('b', 'd'))]);
    state().record([local('l', link), remote('r', versioned(file('r'), 1))]);
    expect(state().counts()).toEqual({ files: 2, directories: 1, bytes: 103 });
  });

  it('answers the same when what was held in memory was let go', () => {
    agree(state(), 'a', file('a'));
    state().record([local('a', file('a', 'd')), remote('r', versioned(file('r'), 1))]);
    const answers = (): unknown => [
      ...[state().local.get('a'), state().synced.get('a'), state().remote.get('r')],
      ...[state().seen('a'), state().changed(), state().local.find('d', 'a')],
    ];
    const before = answers();
    state().letGo();
    expect(answers()).toEqual(before);
    state().record([local('a', file('b'))]);
    state().letGo();
    expect(state().local.get('a')).toEqual(file('b'));
  });

  it('makes durable what was recorded, which changes no answer; also with nothing recorded since', () => {
    agree(state(), 'a', file('a'));
    const { standing } = state();
    state().sync();
    state().sync();
    expect([state().synced.get('a'), state().standing]).toEqual([
      versioned(file('a'), 1),
      standing,
    ]);
    state().record([local('a', file('b'))]);
    expect(state().local.get('a')).toEqual(file('b'));
  });

  it('is of no use once it is closed; closing twice is once', () => {
    const closed = state();
    closed.close();
    closed.close();
    expect(() => closed.record([local('a', file('a'))])).toThrow(TypeError);
    expect(() => closed.changed()).toThrow(TypeError);
    expect(() => closed.sync()).toThrow(TypeError);
  });
}

function reopenContract(state: Get, reopen: Get): void {
  it('is as it was', () => {
    agree(state(), 'a', file('a'));
    const look = { inode: 'i', fingerprint: 'p' };
    state().record([local('a', undefined), local('b', file('b'), look)]);
    state().record([{ type: 'standing', standing: { epoch: 'e', cursor: 3 } }]);
    const known = { epoch: 'e', cursor: 4, chain: 'c' };
    const more = { clientId: 'id', known, server: 's', token: 't', nextToken: 'u' };
    state().record([{ type: 'standing', standing: more }]);
    expect(state().standing).toMatchObject({ ...more, epoch: 'e', cursor: 3 });
    state().record([{ type: 'allowed', node: 'a', what: 'delete' }]);
    const made = { checksum: 'x', from: [] };
    state().record([{ type: 'merged', node: 'b', made }]);
    const { standing } = state();
    const again = reopen();
    expect(again.standing).toEqual(standing);
    expect(again.allowed()).toEqual(new Map([['a', 'delete']]));
    expect(again.made('b')).toEqual(made);
    expect(again.local.get('a')).toBeUndefined();
    expect(again.synced.get('a')).toEqual(versioned(file('a'), 1));
    expect(again.local.find(ROOT, 'b')).toBe('b');
    expect(again.byInode('i')).toBe('b');
    expect(again.changed().sort()).toEqual(['a', 'b']);
  });
}

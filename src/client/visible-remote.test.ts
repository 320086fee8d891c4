import { beforeEach, describe, expect, it } from 'vitest';
import { pair, type System } from '../../test/engine/rig.ts';
import type { Entry } from '../core/entry.ts';
import { ignorePatterns } from '../core/ignore.ts';
import type { Note } from './ports.ts';
import type { Session } from './session.ts';
import { reportUnrepresentable, visibleRemote } from './visible-remote.ts';

const directory = (name: string, parent = 'root'): Entry => ({ kind: 'directory', parent, name });
const link = (name: string): Entry => ({ kind: 'symlink', parent: 'root', name, target: 'x' });

let session: Session;
function begin(system: System = {}): void {
  session = pair({ systems: { anna: system } }).anna.session;
}
beforeEach(() => begin());

function has(side: 'local' | 'remote', entries: Readonly<Record<string, Entry>>): void {
  const versions = { placeVersion: 1, contentVersion: 1, author: 'Ben' };
  const notes = Object.entries(entries).map(
    ([node, entry]): Note =>
      side === 'local'
        ? { type: 'local', node, entry }
        : { type: 'remote', node, entry: { ...entry, ...versions } },
  );
  session.state.record(notes);
}

const visible = (...nodes: readonly string[]): string[] => {
  const tree = visibleRemote(session);
  return nodes.filter((node) => tree.get(node) !== undefined);
};

const told = (...nodes: readonly string[]): string[] => {
  reportUnrepresentable(session, nodes);
  return session.problems.all().map(({ path, code }) => `${path}: ${code}`);
};

describe('the server’s tree as it can be here', () => {
  it('is all of it on Linux', () => {
    has('remote', { a: directory('a'), A: directory('A'), c: directory('CON'), l: link('l') });
    expect(visible('a', 'A', 'c', 'l')).toEqual(['a', 'A', 'c', 'l']);
    expect(told('a', 'A', 'c', 'l')).toEqual([]);
  });

  it('[S1] is without what is ignored, and what is below it; of that nothing is told', () => {
    session.ignore = ignorePatterns(['hidden']);
    has('remote', { d: directory('hidden'), f: directory('f', 'd'), g: directory('g') });
    expect(visible('d', 'f', 'g')).toEqual(['g']);
    expect(told('d', 'f', 'g')).toEqual([]);
    expect(visibleRemote(session).hidesBelow('root')).toBe(true);
  });

  it('[S14] is without names that Windows does not allow, and without links where there are none', () => {
    begin({ kind: 'windows', features: { caseSensitive: false, symlinks: false } });
    has('remote', { c: directory('aux'), f: directory('f', 'c'), l: link('l'), g: directory('g') });
    expect(visible('c', 'f', 'l', 'g')).toEqual(['g']);
    expect(told('c', 'f', 'l', 'g')).toEqual(['aux: unrepresentable', 'l: unrepresentable']);
  });

  it('what is not to be here has no path, and nothing is told of what is gone', () => {
    begin({ kind: 'windows' });
    expect(told('unknown')).toEqual([]);
  });
});

describe('[C14] names that are one name here', () => {
  beforeEach(() => begin({ kind: 'macos', features: { caseSensitive: false } }));

  it('one is held: the one with the lesser id, where none is here', () => {
    has('remote', { n1: directory('Name'), n2: directory('name'), n3: directory('NAME') });
    expect(visible('n1', 'n2', 'n3')).toEqual(['n1']);
    expect(told('n1', 'n2', 'n3')).toEqual(['NAME: unrepresentable', 'name: unrepresentable']);
  });

  it('the one that is here', () => {
    has('remote', { n1: directory('Name'), n2: directory('name') });
    has('local', { n2: directory('name') });
    expect(visible('n1', 'n2')).toEqual(['n2']);
  });

  it('the one that is called just so here, though nobody knows yet that they are one', () => {
    has('remote', { n1: directory('Name'), n2: directory('name') });
    has('local', { new: directory('name') });
    expect(visible('n1', 'n2')).toEqual(['n2']);
  });

  it('none, while something else has the name here', () => {
    has('remote', { n1: directory('Name') });
    has('local', { other: directory('name') });
    expect(visible('n1')).toEqual([]);
    expect(told('n1')).toEqual(['Name: unrepresentable']);
  });

  it('one that is only spelled anew, here or there, is itself', () => {
    has('remote', { n1: directory('Name') });
    has('local', { n1: directory('NAME') });
    expect(visible('n1')).toEqual(['n1']);
  });

  it('in two directories there are two names', () => {
    has('remote', { d: directory('d'), n1: directory('Name', 'd'), n2: directory('name') });
    expect(visible('d', 'n1', 'n2')).toEqual(['d', 'n1', 'n2']);
  });
});

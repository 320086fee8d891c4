import { describe, expect, it } from 'vitest';
import { directory, file, situation } from '../../test/small-worlds/hand-made.ts';
import { conflictName } from './conflict-name.ts';
import { ROOT } from './entry.ts';
import { freeName } from './free-name.ts';
import { MemoryTree } from './tree.ts';

const naming = { name: 'n.txt', client: 'Anna', time: 0, kind: 'file' } as const;
const [first, second, third] = [1, 2, 3].map((attempt) => conflictName({ ...naming, attempt }));
const at = (name = '') => ({ n: file([ROOT, name], 'x') });
const empty = new MemoryTree();
const ask = { parent: ROOT, naming };

describe('[M7] a name is free', () => {
  it('when it is in no tree: the first', () => {
    expect(freeName(situation({}), empty, ask)).toBe(first);
  });

  it('only when it is free here, there and in the target', () => {
    expect(freeName(situation({ local: at(first) }), empty, ask)).toBe(second);
    expect(freeName(situation({ remote: at(first) }), empty, ask)).toBe(second);
    expect(freeName(situation({}), new MemoryTree(Object.entries(at(first))), ask)).toBe(second);
    const both = situation({ local: at(first), remote: at(second) });
    expect(freeName(both, empty, ask)).toBe(third);
  });

  it('when only what was agreed once had it', () => {
    expect(freeName(situation({ synced: at(first) }), empty, ask)).toBe(first);
  });

  it('[M8] only when nothing outside of the trees has it', () => {
    const taken = (parent: string, name: string): boolean => parent === ROOT && name !== third;
    expect(freeName(situation({ taken }), empty, ask)).toBe(third);
  });

  it('with the mark at its end, where a pattern takes all with its extension', () => {
    const taken = (_: string, name: string): boolean => name.endsWith('.txt');
    const name = freeName(situation({ taken }), empty, ask);
    expect(name).toBe(conflictName({ ...naming, kind: 'directory' }));
  });

  it('though it is hidden, where a pattern takes all names', () => {
    const taken = (): boolean => true;
    expect(freeName(situation({ taken }), empty, ask)).toBe(first);
    expect(freeName(situation({ taken, local: at(first) }), empty, ask)).toBe(second);
  });

  it('whatever another directory holds', () => {
    const local = { d: directory(ROOT, 'd'), n: file(['d', first ?? ''], 'x') };
    expect(freeName(situation({ local }), empty, ask)).toBe(first);
  });

  it('after however many attempts', () => {
    const local = Object.fromEntries(
      Array.from({ length: 500 }, (_, at_) => [
        `n${at_}`,
        file([ROOT, conflictName({ ...naming, attempt: at_ + 1 })], 'x'),
      ]),
    );
    expect(freeName(situation({ local }), empty, ask)).toBe(
      conflictName({ ...naming, attempt: 501 }),
    );
  });
});

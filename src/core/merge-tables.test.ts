import { describe, expect, it } from 'vitest';
import {
  directory,
  file,
  type Known,
  merged,
  symlink,
  versioned,
} from '../../test/small-worlds/hand-made.ts';
import { type Entry, ROOT } from './entry.ts';
import { type Aspect, CONTENT, EXISTENCE, PLACE, type Side } from './merge-tables.ts';

const CASES = {
  file: { kept: file([ROOT, 'n'], 'old'), moved: file([ROOT, 'm'], 'old') },
  directory: { kept: directory(ROOT, 'n'), moved: directory(ROOT, 'm') },
  symlink: { kept: symlink(ROOT, 'n', 'old'), moved: symlink(ROOT, 'm', 'old') },
} satisfies Record<string, { kept: Entry; moved: Entry }>;

const only = (entry: Entry | undefined): Known => (entry === undefined ? {} : { n: entry });

const EXISTS: readonly (readonly [here: Side, there: Side, is: 'in' | 'out'])[] = [
  ['unchanged', 'unchanged', 'in'],
  ['unchanged', 'changed', 'in'],
  ['unchanged', 'gone', 'out'],
  ['changed', 'unchanged', 'in'],
  ['changed', 'changed', 'in'],
  ['changed', 'gone', 'in'],
  ['gone', 'unchanged', 'out'],
  ['gone', 'changed', 'in'],
  ['gone', 'gone', 'out'],
];

describe('[M3] existence of a node that both sides knew', () => {
  it.each(EXISTS)('%s here, %s there: %s', (here, there, is) => {
    expect(EXISTENCE[here][there]).toBe(is);
  });

  describe.each(Object.keys(CASES) as (keyof typeof CASES)[])('of a %s', (kind) => {
    const { kept, moved } = CASES[kind];
    const sideOf = { unchanged: kept, changed: moved, gone: undefined };

    it.each(EXISTS)('%s here, %s there (moved): %s', (here, there, is) => {
      const [local, remote] = [only(sideOf[here]), only(sideOf[there])];
      expect(merged({ synced: { n: kept }, local, remote })).toHaveLength(is === 'in' ? 1 : 0);
    });
  });

  const written: Record<Side, Entry | undefined> = {
    unchanged: CASES.file.kept,
    changed: file([ROOT, 'n'], 'new'),
    gone: undefined,
  };

  it.each(EXISTS)('%s here, %s there (written): %s', (here, there, is) => {
    const [local, remote] = [only(written[here]), only(written[there])];
    const target = merged({ synced: { n: CASES.file.kept }, local, remote });
    const edited = here === 'changed' || there === 'changed';
    expect(target).toEqual(is === 'out' ? [] : [edited ? 'n: new' : 'n: old']);
  });
});

describe('[M3] existence of a node that was never agreed on', () => {
  const n = file([ROOT, 'n'], 'new');

  it.each([
    ['on neither side', { local: {}, remote: {} }, []],
    ['new here', { local: { n }, remote: {} }, ['n: new']],
    ['new there', { local: {}, remote: { n } }, ['n: new']],
    ['on both sides', { local: { n }, remote: { n } }, ['n: new']],
  ])('%s', (_, sides, target) => {
    expect(merged(sides)).toEqual(target);
  });
});

const PLACES: readonly (readonly [here: Aspect, there: Aspect, takes: 'local' | 'remote'])[] = [
  ['unchanged', 'unchanged', 'local'],
  ['unchanged', 'changed', 'remote'],
  ['changed', 'unchanged', 'local'],
  ['changed', 'changed', 'remote'],
];

describe('[M4] the place', () => {
  it.each(PLACES)('%s here, %s there: the %s one', (here, there, takes) => {
    expect(PLACE[here][there]).toBe(takes);
    const local = { n: file([ROOT, here === 'changed' ? 'here' : 'n'], 'x') };
    const remote = { n: file([ROOT, there === 'changed' ? 'there' : 'n'], 'x') };
    const name = (takes === 'local' ? local : remote).n.name;
    expect(merged({ synced: { n: file([ROOT, 'n'], 'x') }, local, remote })).toEqual([
      `${name}: x`,
    ]);
  });

  it('without a common ancestor: the server’s', () => {
    const [local, remote] = [{ n: directory(ROOT, 'here') }, { n: directory(ROOT, 'there') }];
    expect(merged({ local, remote })).toEqual(['there/']);
  });

  it('[M2] moved there and back is a change there, by its version', () => {
    const synced = { n: file([ROOT, 'n'], 'x') };
    const local = { n: file([ROOT, 'here'], 'x') };
    const remote = { n: versioned(synced.n, { place: 3 }) };
    expect(merged({ synced, local, remote })).toEqual(['n: x']);
  });
});

const CONTENTS: readonly (readonly [
  here: Aspect,
  there: Aspect,
  takes: 'local' | 'remote' | 'settle',
])[] = [
  ['unchanged', 'unchanged', 'local'],
  ['unchanged', 'changed', 'remote'],
  ['changed', 'unchanged', 'local'],
  ['changed', 'changed', 'settle'],
];

describe('[M6] the content', () => {
  it.each(CONTENTS)('%s here, %s there: %s', (here, there, takes) => {
    expect(CONTENT[here][there]).toBe(takes);
    const local = { n: file([ROOT, 'n'], here === 'changed' ? 'here' : 'old') };
    const remote = { n: file([ROOT, 'n'], there === 'changed' ? 'there' : 'old') };
    const both = ['n (conflict, Anna, 1970-01-01 00-00-00): here', 'n: there'];
    const alone = [`n: ${(takes === 'local' ? local : remote).n.checksum}`];
    const target = merged({ synced: { n: file([ROOT, 'n'], 'old') }, local, remote });
    expect(target).toEqual(takes === 'settle' ? both : alone);
  });

  it('place and content are settled apart: a move here and an edit there, and the other way', () => {
    const synced = { n: file([ROOT, 'n'], 'old') };
    const [moved, edited] = [{ n: file([ROOT, 'm'], 'old') }, { n: file([ROOT, 'n'], 'new') }];
    expect(merged({ synced, local: moved, remote: edited })).toEqual(['m: new']);
    expect(merged({ synced, local: edited, remote: moved })).toEqual(['m: new']);
  });
});

import { describe, expect, it } from 'vitest';
import { directory, file, symlink, versioned } from '../../test/small-worlds/hand-made.ts';
import { type Change, type Creation, contentOf, type Deletion, type Update } from './change.ts';
import { type Entry, type NodeId, ROOT, type Versioned } from './entry.ts';
import { type Judgement, judge, type RefusalCode } from './judge.ts';
import { MemoryTree } from './tree.ts';

/** The folder: d/, d/f, e/, g and the link l; its cursor is 20. */
const ENTRIES: readonly (readonly [NodeId, Versioned])[] = [
  ['d', versioned(directory(ROOT, 'd'), { place: 1, content: 1 })],
  ['f', versioned(file(['d', 'f'], 'F'), { place: 2, content: 12 })],
  ['e', versioned(directory(ROOT, 'e'), { place: 3, content: 3 })],
  ['g', versioned(file([ROOT, 'g'], 'G'), { place: 14, content: 4 })],
  ['l', versioned(symlink(ROOT, 'l', 'g'), { place: 5, content: 5 })],
];

const tree = new MemoryTree(ENTRIES);
const versionsOf = (node: NodeId) => tree.get(node) ?? { placeVersion: 0, contentVersion: 0 };

const make = (node: NodeId, entry: Entry): Creation => {
  const { kind, parent, name } = entry;
  const content = contentOf(entry);
  return { type: 'create', node, kind, place: { parent, name }, ...(content && { content }) };
};

const move = (node: NodeId, parent: NodeId, name: string): Update => {
  const { placeVersion: replaces } = versionsOf(node);
  return { type: 'update', node, place: { parent, name, replaces } };
};

const write = (node: NodeId, bytes: string): Update => {
  const { contentVersion: replaces } = versionsOf(node);
  const content = { checksum: bytes, size: 1, mtime: 9, executable: true, replaces };
  return { type: 'update', node, content };
};

const remove = (node: NodeId): Deletion => {
  const { placeVersion: replacesPlace, contentVersion: replacesContent } = versionsOf(node);
  return { type: 'delete', node, replacesPlace, replacesContent };
};

const judged = (...changes: Change[]): Judgement =>
  judge(tree, { changes, cursor: 20, author: 'Anna' });

/** The refusals, as `node code`; nothing, where the commit is accepted. */
function refused(...changes: Change[]): string[] {
  const judgement = judged(...changes);
  if (judgement.type === 'accepted') return [];
  return judgement.refusals.map(({ node, code }) => `${node} ${code}`);
}

/** What nodes are after an accepted commit. */
function outcome(...changes: Change[]): (Versioned | undefined)[] {
  const judgement = judged(...changes);
  if (judgement.type === 'refused') throw new Error(JSON.stringify(judgement.refusals));
  return judgement.applied.map((one) => one.after);
}

const n = (name: string, parent = ROOT) => file([parent, name], 'N');

const REFUSED: Record<RefusalCode, readonly (readonly [what: string, change: Change])[]> = {
  stale: [
    ['an edit of an older content', { ...write('f', 'x'), content: { target: 'x', replaces: 2 } }],
    ['a move from an older place', { ...move('f', 'e', 'f'), place: { ...n('f'), replaces: 12 } }],
    ['a deletion of an older place', { ...remove('g'), replacesPlace: 4 }],
    ['a deletion of an older content', { ...remove('g'), replacesContent: 14 }],
    [
      'an edit of a content to come',
      { ...write('f', 'x'), content: { target: 'x', replaces: 21 } },
    ],
  ],
  not_found: [
    ['an edit', write('nowhere', 'x')],
    ['a move', move('nowhere', ROOT, 'x')],
    ['a deletion', remove('nowhere')],
    ['a move of the root', move(ROOT, 'd', 'x')],
    ['a deletion of the root', remove(ROOT)],
  ],
  exists: [
    ['in another place', make('f', n('x'))],
    ['as it is', make('d', directory(ROOT, 'd'))],
  ],
  wrong_kind: [
    ['a file without content', { ...make('n', directory(ROOT, 'n')), kind: 'file' }],
    ['a symlink without target', { ...make('n', n('n')), kind: 'symlink' }],
    ['a directory with content', { ...make('n', n('n')), kind: 'directory' }],
    [
      'a file that becomes a link',
      { type: 'update', node: 'f', content: { target: 'x', replaces: 12 } },
    ],
    ['a link that becomes a file', write('l', 'x')],
    ['a directory that is written to', write('d', 'x')],
    ['a second root', make(ROOT, directory('d', 'x'))],
  ],
  bad_name: [
    ['none', make('n', n(''))],
    ['one that leads up', make('n', n('..'))],
    ['one with a slash', move('f', ROOT, 'a/b')],
    ['our own', move('f', ROOT, '.syncer')],
    ['one in another form than NFC', make('n', n('e\u0301'))],
  ],
  name_taken: [
    ['by what is there', make('n', n('g'))],
    ['by a directory', make('n', n('d'))],
    ['for a move', move('f', ROOT, 'g')],
  ],
  parent_missing: [
    ['never was', make('n', n('n', 'nowhere'))],
    ['is a file', make('n', n('n', 'g'))],
    ['is a symlink', make('n', n('n', 'l'))],
    ['for a move', move('f', 'nowhere', 'f')],
    ['is the node itself, and no directory', move('f', 'f', 'f')],
  ],
  ring: [['into itself', move('d', 'd', 'x')]],
  not_empty: [['a directory with a file', remove('d')]],
};

const CASES = Object.entries(REFUSED).flatMap(([code, cases]) =>
  cases.map(([what, change]) => [code, what, change] as const),
);

describe('[C3] one change that cannot be taken', () => {
  it.each(CASES)('%s: %s', (code, _, change) => {
    expect(refused(change)).toEqual([`${change.node} ${code}`]);
  });

  it('[E04] all of a commit or nothing: every refusal is told', () => {
    const refusals = refused(
      make('f', n('y')),
      { ...remove('l'), replacesPlace: 4 },
      move('e', ROOT, 'g'),
      remove('d'),
    );
    expect(refusals.sort()).toEqual(['d not_empty', 'e name_taken', 'f exists', 'l stale']);
  });

  it('the tree stays as it was, whatever is judged', () => {
    judged(write('g', 'x'), remove('e'));
    judged(remove('d'));
    expect([...tree.entries()]).toEqual(ENTRIES);
  });
});

describe('[C3] [X1] a commit is judged on its end state', () => {
  it('[A13] a swap', () => {
    expect(refused(move('f', ROOT, 'g'), move('g', 'd', 'f'))).toEqual([]);
    expect(refused(move('d', ROOT, 'e'), move('e', ROOT, 'd'))).toEqual([]);
  });

  it('[A14] an inversion, also under one name', () => {
    const lower = [make('n', directory('d', 'n')), make('m', directory('n', 'm'))];
    expect(refused(...lower)).toEqual([]);
    const inner = new MemoryTree(ENTRIES);
    inner.set('e', versioned(directory('d', 'd'), { place: 3, content: 3 }));
    const changes = [move('d', 'e', 'd'), move('e', ROOT, 'd')];
    for (const order of [changes, changes.toReversed()])
      expect(judge(inner, { changes: order, cursor: 20, author: 'Anna' }).type).toBe('accepted');
  });

  it('take the child out, delete the parent, take its name; in any order', () => {
    const changes = [move('f', ROOT, 'd'), remove('d')];
    expect(refused(...changes)).toEqual([]);
    expect(refused(...changes.toReversed())).toEqual([]);
  });

  it('children before their parents', () => {
    expect(refused(make('n', n('x', 'm')), make('m', directory(ROOT, 'm')))).toEqual([]);
  });

  it('a directory and all that is in it goes; in any order', () => {
    expect(refused(remove('f'), remove('d'))).toEqual([]);
    expect(refused(remove('d'), remove('f'))).toEqual([]);
  });

  it('[A12] a ring of two and of three is refused, and what hangs below it', () => {
    expect(refused(move('d', 'e', 'd'), move('e', 'd', 'e'))).toEqual(['d ring', 'e ring']);
    const three = [make('n', directory('d', 'n')), move('d', 'e', 'd'), move('e', 'n', 'e')];
    expect(refused(...three)).toEqual(['n ring', 'd ring', 'e ring']);
    expect(refused(move('d', 'd', 'd'), move('g', 'd', 'g'))).toEqual(['d ring', 'g ring']);
  });

  it('two that want one name are both told', () => {
    expect(refused(make('a', n('x')), make('b', n('x')))).toEqual(['a name_taken', 'b name_taken']);
    expect(refused(move('f', 'e', 'x'), move('g', 'e', 'x'))).toEqual([
      'f name_taken',
      'g name_taken',
    ]);
  });

  it('[X3] a deletion of what something was made in or moved into', () => {
    expect(refused(remove('e'), make('n', n('x', 'e')))).toEqual([
      'e not_empty',
      'n parent_missing',
    ]);
    expect(refused(move('g', 'e', 'g'), remove('e'))).toEqual(['g parent_missing', 'e not_empty']);
  });

  it('a name that is given up in the same commit is free', () => {
    expect(refused(remove('g'), make('n', n('g')))).toEqual([]);
    expect(refused(make('n', n('g')), move('g', 'd', 'g'))).toEqual([]);
  });
});

describe('[C2] [X6] the versions of what was accepted', () => {
  it('a creation gets both, in the order of the changes', () => {
    const made = outcome(make('n', n('n')), make('m', directory(ROOT, 'm')));
    expect(made).toEqual([
      versioned(n('n'), { place: 21, content: 21, author: 'Anna' }),
      versioned(directory(ROOT, 'm'), { place: 22, content: 22, author: 'Anna' }),
    ]);
  });

  it('a move only that of the place, and the author stays', () => {
    const [moved] = outcome(move('f', ROOT, 'x'));
    expect(moved).toEqual(versioned(file([ROOT, 'x'], 'F'), { place: 21, content: 12 }));
  });

  it('an edit only that of the content', () => {
    const edited = file(['d', 'f'], 'x', { mtime: 9, executable: true });
    expect(outcome(write('f', 'x'))).toEqual([
      versioned(edited, { place: 2, content: 21, author: 'Anna' }),
    ]);
  });

  it('[A29] both at once get one cursor', () => {
    const both = { ...write('f', 'x'), ...move('f', ROOT, 'y') };
    const entry = file([ROOT, 'y'], 'x', { mtime: 9, executable: true });
    expect(outcome(both)).toEqual([versioned(entry, { place: 21, content: 21, author: 'Anna' })]);
  });

  it('what was before and what is after is told, with the cursor', () => {
    const judgement = judged(remove('g'), move('e', 'd', 'e'));
    expect(judgement).toMatchObject({
      type: 'accepted',
      applied: [
        { cursor: 21, node: 'g', before: tree.get('g'), after: undefined },
        { cursor: 22, node: 'e', before: tree.get('e'), after: { parent: 'd' } },
      ],
    });
  });

  it('a change of nothing changes nothing', () => {
    expect(outcome({ type: 'update', node: 'g' })).toEqual([tree.get('g')]);
    expect(outcome()).toEqual([]);
  });
});

describe('a node that is named twice', () => {
  it('is judged one after the other, so that the second replaces what the first made', () => {
    const [moved, edited] = outcome(move('f', ROOT, 'x'), write('f', 'x'));
    expect(moved).toMatchObject({ placeVersion: 21, contentVersion: 12 });
    expect(edited).toMatchObject({ name: 'x', placeVersion: 21, contentVersion: 22 });
  });

  it('cannot replace one version twice', () => {
    expect(refused(move('f', ROOT, 'x'), move('f', ROOT, 'y'))).toEqual(['f stale']);
    expect(refused(write('f', 'x'), write('f', 'y'))).toEqual(['f stale']);
    expect(refused(write('f', 'x'), remove('f'))).toEqual(['f stale']);
  });

  it('cannot be made twice, nor be deleted twice', () => {
    expect(refused(make('n', n('x')), make('n', n('y')))).toEqual(['n exists']);
    expect(refused(remove('g'), remove('g'))).toEqual(['g not_found']);
  });

  it('[A27] can be deleted and made again: the end state is what counts', () => {
    expect(outcome(remove('g'), make('g', n('g'))).at(-1)).toMatchObject({ placeVersion: 22 });
  });
});

describe('[C31] large commits', () => {
  it('a deep tree in one commit', () => {
    const changes = Array.from({ length: 2000 }, (_, at) =>
      make(`n${at}`, directory(at === 0 ? ROOT : `n${at - 1}`, 'x')),
    );
    expect(refused(...changes.toReversed())).toEqual([]);
  });

  it('20,000 files in one commit', () => {
    const changes = Array.from({ length: 20_000 }, (_, at) => make(`n${at}`, n(`${at}`)));
    expect(outcome(...changes)).toHaveLength(20_000);
  });
});

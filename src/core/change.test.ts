import { describe, expect, it } from 'vitest';
import { directory, file, symlink } from '../../test/small-worlds/hand-made.ts';
import { type Content, contentOf, entryOf, operationOf } from './change.ts';
import { type Kind, ROOT } from './entry.ts';

const f = file([ROOT, 'f'], 'abc', { mtime: -1, executable: true });
const { checksum, size, mtime, executable } = f;
const CONTENT: Record<Kind, Content | undefined> = {
  file: { checksum, size, mtime, executable },
  symlink: { target: '../f' },
  directory: undefined,
};

describe('operationOf', () => {
  it.each([
    ['create', undefined, f],
    ['delete', f, undefined],
    ['update', f, file([ROOT, 'f'], 'new')],
    ['move', f, { ...f, name: 'g' }],
    ['move', f, { ...f, parent: 'd' }],
    ['move', f, file([ROOT, 'g'], 'new')],
  ] as const)('%s', (operation, before, after) => {
    expect(operationOf({ before, after })).toBe(operation);
  });
});

describe('contentOf and entryOf', () => {
  it.each([f, symlink('d', 'l', '../f'), directory('d', 'e')])(
    'take a $kind apart and put it together',
    (entry) => {
      const content = contentOf(entry);
      expect(content).toStrictEqual(CONTENT[entry.kind]);
      expect(entryOf(entry.kind, entry, content)).toStrictEqual(entry);
    },
  );

  const KINDS = ['file', 'symlink', 'directory'] as const;
  const wrong = KINDS.flatMap((kind) =>
    KINDS.filter((other) => other !== kind).map((other) => [kind, other] as const),
  );

  it.each(wrong)('[C3] a %s does not take the content of a %s', (kind, other) => {
    expect(entryOf(kind, { parent: ROOT, name: 'n' }, CONTENT[other])).toBeUndefined();
  });
});

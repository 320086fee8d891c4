import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictName, isConflictName, parseConflictName } from './conflict-name.ts';
import { byteLength, checkName } from './name.ts';

const TIME = Date.UTC(2026, 10, 22, 17, 54, 14);
const anna = { client: 'Anna', time: TIME };

describe('conflictName', () => {
  it.each([
    ['report.txt', 'report (conflict, Anna, 2026-11-22 17-54-14).txt'],
    ['README', 'README (conflict, Anna, 2026-11-22 17-54-14)'],
    ['.bashrc', '.bashrc (conflict, Anna, 2026-11-22 17-54-14)'],
    ['.config.yaml', '.config (conflict, Anna, 2026-11-22 17-54-14).yaml'],
    ['archive.tar.gz', 'archive.tar (conflict, Anna, 2026-11-22 17-54-14).gz'],
    ['a.', 'a. (conflict, Anna, 2026-11-22 17-54-14)'],
    ['...', '... (conflict, Anna, 2026-11-22 17-54-14)'],
    ['..x', '..x (conflict, Anna, 2026-11-22 17-54-14)'],
    ['Mr. Smith went home', 'Mr. Smith went home (conflict, Anna, 2026-11-22 17-54-14)'],
    [
      'x.averyveryverylongextension',
      'x.averyveryverylongextension (conflict, Anna, 2026-11-22 17-54-14)',
    ],
    ['photo (1).jpg', 'photo (1) (conflict, Anna, 2026-11-22 17-54-14).jpg'],
    ['Übersicht.日本', 'Übersicht (conflict, Anna, 2026-11-22 17-54-14).日本'],
  ])('%s becomes %s', (name, copy) => {
    expect(conflictName({ name, ...anna })).toBe(copy);
  });

  it('counts further attempts', () => {
    const copy = { name: 'report.txt', ...anna };
    expect(conflictName({ ...copy, attempt: 1 })).toBe(conflictName(copy));
    expect(conflictName({ ...copy, attempt: 2 })).toBe(
      'report (conflict, Anna, 2026-11-22 17-54-14 2).txt',
    );
    expect(conflictName({ ...copy, attempt: 12 })).toBe(
      'report (conflict, Anna, 2026-11-22 17-54-14 12).txt',
    );
  });

  it('leaves out a time that is not known', () => {
    const copy = { name: 'docs', client: 'Anna', time: undefined, kind: 'directory' } as const;
    expect(conflictName(copy)).toBe('docs (conflict, Anna)');
    expect(conflictName({ ...copy, attempt: 2 })).toBe('docs (conflict, Anna, 2)');
    expect(conflictName({ ...copy, time: Number.NaN })).toBe('docs (conflict, Anna)');
  });

  it('a directory has no extension', () => {
    const copy = { name: 'site.com', client: 'Anna', time: undefined };
    expect(conflictName({ ...copy, kind: 'directory' })).toBe('site.com (conflict, Anna)');
    expect(conflictName({ ...copy, kind: 'symlink' })).toBe('site (conflict, Anna).com');
  });
});

describe('a conflict name of odd input', () => {
  it.each([
    ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
    ['Anna (laptop), Berlin', 'Anna -laptop-- Berlin'],
    ['line\nbreak\u0000\u001b[31m\u2028', 'line-break--[31m-'],
    ['  Anna ', 'Anna'],
    ['', 'unknown'],
    [' ', 'unknown'],
    ['e\u0301', 'é'],
    ['\ud800', '\ufffd'],
    ['abc\u202etxt', 'abc-txt'],
    ['x'.repeat(300), 'x'.repeat(64)],
    ['😀'.repeat(50), '😀'.repeat(16)],
  ])('makes the client name %j harmless', (client, expected) => {
    const name = conflictName({ name: 'a', client, time: undefined });
    expect(name).toBe(`a (conflict, ${expected})`);
  });

  it.each([
    [0, '1970-01-01 00-00-00'],
    [-1, '1969-12-31 23-59-59'],
    [TIME + 999, '2026-11-22 17-54-14'],
    [Number.NEGATIVE_INFINITY, '0000-01-01 00-00-00'],
    [Number.POSITIVE_INFINITY, '9999-12-31 23-59-59'],
    [9e15, '9999-12-31 23-59-59'],
  ])('writes the time %d as %s', (time, text) => {
    const name = conflictName({ name: 'a', client: 'Anna', time });
    expect(name).toBe(`a (conflict, Anna, ${text})`);
  });

  it('[A26] a copy of a copy is named after the original', () => {
    const first = conflictName({ name: 'report.txt', ...anna });
    const second = conflictName({ name: first, client: 'Bob', time: TIME + 60_000 });
    expect(second).toBe('report (conflict, Bob, 2026-11-22 17-55-14).txt');
    const nested = 'a (conflict, X, 2) (conflict, Y, 2026-11-22 17-54-14 3).txt';
    expect(conflictName({ name: nested, ...anna })).toBe(conflictName({ name: 'a.txt', ...anna }));
  });

  it('[C19] shortens the stem between code points and keeps the extension', () => {
    const long = conflictName({ name: `${'é'.repeat(125)}.docx`, ...anna });
    expect(byteLength(long)).toBeGreaterThanOrEqual(254);
    expect(byteLength(long)).toBeLessThanOrEqual(255);
    expect(long).toMatch(/^é+ \(conflict, Anna, 2026-11-22 17-54-14\)\.docx$/);
    const emoji = conflictName({ name: '😀'.repeat(63), ...anna });
    expect(emoji.isWellFormed()).toBe(true);
  });

  it('[A26] does not nest either where shortening uncovers an older mark', () => {
    const name = `report (conflict, Bob) ${'x'.repeat(220)}.txt`;
    for (let cut = 0; cut < 220; cut += 1) {
      const copy = conflictName({ name: name.slice(0, 30 + cut), ...anna });
      expect(copy.match(/\(conflict,/g)?.length ?? 0).toBeLessThanOrEqual(2);
      expect(conflictName({ name: copy, ...anna })).toBe(copy);
    }
    const exact = `${'r'.repeat(201)} (conflict, Bob) tail tail tail tail`;
    expect(conflictName({ name: exact, ...anna })).toBe(
      conflictName({ name: 'r'.repeat(201), ...anna }),
    );
  });
});

describe('parseConflictName', () => {
  it('finds what a name was made from', () => {
    expect(parseConflictName('report (conflict, Anna, 2026-11-22 17-54-14 2).txt')).toEqual({
      original: 'report.txt',
      client: 'Anna',
      time: TIME,
      attempt: 2,
    });
    expect(parseConflictName('docs (conflict, Anna B.)')).toEqual({
      original: 'docs',
      client: 'Anna B.',
      time: undefined,
      attempt: 1,
    });
    expect(parseConflictName('docs (conflict, 2, 3)')).toMatchObject({ client: '2', attempt: 3 });
  });

  it.each([
    '',
    'report.txt',
    'report (1).txt',
    'report (conflict).txt',
    'report (conflict, ).txt',
    'report(conflict, Anna).txt',
    ' (conflict, Anna).txt',
    '(conflict, Anna).txt',
    'report (conflict, Anna) .txt',
    'report (conflict, Anna, 2026-11-22).txt',
    'report (conflict, Anna, 2026-02-30 00-00-00).txt',
    'report (conflict, Anna, 2026-13-01 00-00-00).txt',
    'report (conflict, Anna, 2026-11-22 24-00-00).txt',
    'report (conflict, Anna, 2026-11-22 17-54-14 1).txt',
    'report (conflict, Anna, 2026-11-22 17-54-14 02).txt',
    'report (conflict, Anna, 1)',
    'report (conflict, Anna, 0)',
    'report (conflict, Anna, x)',
    'report (Conflict, Anna)',
    '. (conflict, Anna)',
    '.. (conflict, Anna)',
    '.syncer (conflict, Anna)',
    `${'x'.repeat(250)} (conflict, Anna)`,
  ])('%j is no conflict copy’s name', (name) => {
    expect(isConflictName(name)).toBe(false);
  });

  it('looks at hostile names in bounded time', () => {
    expect(isConflictName(' (conflict, '.repeat(100_000))).toBe(false);
    expect(isConflictName(' (conflict, a'.repeat(19))).toBe(false);
  });
});

describe('names and conflict names', () => {
  const piece = fc.constantFrom(
    'a',
    'é',
    '😀',
    '.',
    ' ',
    'txt',
    ' (conflict, Bob)',
    '(',
    ')',
    ', 2',
    '-',
  );
  const free = fc.string({ unit: 'binary', maxLength: 60 });
  const name = fc
    .oneof(
      fc.array(piece, { maxLength: 90 }).map((pieces) => pieces.join('')),
      free,
    )
    .filter((text) => checkName(text) === undefined);
  const time = fc.option(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_000 }), {
    nil: undefined,
  });
  const attempt = fc.integer({ min: 1, max: 1_000_000 });
  const kind = fc.constantFrom('file' as const, 'directory' as const, 'symlink' as const);
  const copy = fc.record({ name, client: free, time, attempt, kind });

  it('[C19] a conflict name passes every check on names', () => {
    fc.assert(
      fc.property(copy, (made) => {
        expect(checkName(conflictName(made))).toBeUndefined();
      }),
      { numRuns: 1500 },
    );
  });

  it('[A26] is the same once and for all, however often it is made', () => {
    fc.assert(
      fc.property(copy, copy, (made, other) => {
        const first = conflictName(made);
        expect(conflictName({ ...made, name: first })).toBe(first);
        const again = conflictName({ ...made, name: conflictName({ ...other, name: first }) });
        expect(byteLength(again)).toBeLessThanOrEqual(byteLength(first));
      }),
      { numRuns: 1500 },
    );
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(copy, (made) => {
        const parsed = parseConflictName(conflictName(made));
        const seconds = made.time === undefined ? undefined : Math.floor(made.time / 1000) * 1000;
        expect(parsed).toMatchObject({ time: seconds, attempt: made.attempt });
        if (parsed === undefined) return;
        expect(isConflictName(parsed.original)).toBe(false);
        expect(conflictName({ ...made, ...parsed, name: parsed.original })).toBe(
          conflictName(made),
        );
        if (byteLength(made.name) < 80 && !isConflictName(made.name)) {
          expect(parsed.original).toBe(made.name);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

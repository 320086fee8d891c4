import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength, checkName, isInternal, NAME_PROBLEMS, type NameProblem } from './name.ts';

const REFUSED: readonly (readonly [rule: string, name: string, problem: NameProblem])[] = [
  ['F01', '', 'empty'],
  ['F01', '.', 'dots'],
  ['F01', '..', 'dots'],
  ['F01', 'a/b', 'separator'],
  ['F01', '/', 'separator'],
  ['F01', '../x', 'separator'],
  ['F01', 'a\\b', 'separator'],
  ['F01', '..\\..', 'separator'],
  ['F01', 'a\u0000b', 'control'],
  ['F01', '\u0001', 'control'],
  ['F01', 'line\nbreak', 'control'],
  ['F01', '\u001b[31m', 'control'],
  ['F01', 'a\u007f', 'control'],
  ['F01', 'a\u0085', 'control'],
  ['F01', 'a\u009f', 'control'],
  ['F01', 'C:', 'drive'],
  ['F01', 'z:', 'drive'],
  ['F04', '\ud800', 'not-text'],
  ['F04', 'x\udc00', 'not-text'],
  ['C22', '\ud800x', 'not-text'],
  ['C22', '\ud801x', 'not-text'],
  ['F05', 'a\u0308', 'not-normalized'],
  ['F05', '\u212b', 'not-normalized'],
  ['F05', '\u2126', 'not-normalized'],
  ['C15', 'cafe\u0301', 'not-normalized'],
  ['C19', 'x'.repeat(256), 'too-long'],
  ['C19', 'é'.repeat(128), 'too-long'],
  ['C19', '😀'.repeat(64), 'too-long'],
  ['G06', 'x'.repeat(1_000_000), 'too-long'],
];

/** What some file system takes for `.syncer`. */
const ALIASES = [
  '.syncer',
  '.SYNCER',
  '.Syncer',
  '.\u017fyncer',
  '.syncer.',
  '.syncer...',
  '.syncer ',
  '.syncer . .',
  '.SYNCER. ',
  '.sync\u200cer',
  '\u200d.syncer',
  '.syncer\ufeff',
  '.s\u200by\u2060n\u00adcer',
  '.syn\u206acer\u202e',
  '.syncer\ufe0f',
  '.syncer:stream',
  '.syncer::$INDEX_ALLOCATION',
  '.syncer .::$DATA',
  'SYNCER~1',
  'syncer~4',
  'Syncer~9',
  'SYNCE~10',
  'SYNC~100',
  'SYA1B2~1',
  'sy0000~4',
  'SYA1B~10',
  'SYNCER~1.',
  'SYNCER~1 ',
  'SYNCER~1::$INDEX_ALLOCATION',
  '\u017fYNCER~1',
];

const TAKEN = [
  'a',
  'report.txt',
  '.gitignore',
  '.bashrc',
  '...',
  '....',
  '..a',
  'a..',
  ' ',
  ' leading',
  'trailing ',
  'trailing.',
  'CON',
  'nul.txt',
  'a:b',
  'CC:',
  'b::$DATA',
  'what?',
  '*',
  '<img onerror>',
  '"quoted"',
  'a|b',
  '~',
  '~1',
  'git~1',
  'FOO~1',
  '%2e%2e%2f',
  '.．／',
  '．．',
  'ﬁ',
  'é',
  '日本語',
  '각',
  '😀',
  '\u200d',
  'مرحبا',
  '__proto__',
  'constructor',
  '-rf',
  'syncer',
  'syncer.txt',
  '.syncerignore',
  '.syncignore',
  '.syncers',
  '.syncer~',
  '.syncer.yaml',
  'my.syncer',
  'syncer~',
  'syncer~x',
  'xsyncer~1',
  'SYNCER~1.TXT',
  'x'.repeat(255),
  `é${'é'.repeat(126)}x`,
  '😀'.repeat(63),
];

const shown = ([rule, name, problem]: (typeof REFUSED)[number]) => ({
  rule,
  name,
  problem,
  text: JSON.stringify(name.slice(0, 40)),
});

describe('checkName', () => {
  it.each(REFUSED.map(shown))('[$rule] refuses $text', ({ name, problem }) => {
    expect(checkName(name)).toBe(problem);
    expect(NAME_PROBLEMS[problem]).toMatch(/^A name .*\.$/);
  });

  it.each(ALIASES)('[C38] refuses %j, which may be read as the internal directory', (name) => {
    expect(isInternal(name)).toBe(true);
    expect(checkName(name)).toBe('internal');
  });

  it.each(TAKEN)('takes %j', (name) => {
    expect(checkName(name)).toBeUndefined();
  });

  it('[F01] refuses every control character, and only those, of the first 256', () => {
    for (let code = 0; code < 256; code += 1) {
      const isControl = code < 32 || (code >= 127 && code < 160);
      const expected = isControl ? 'control' : code === 47 || code === 92 ? 'separator' : undefined;
      expect(checkName(`a${String.fromCharCode(code)}b`)).toBe(expected);
    }
  });

  it('[F03] never folds compatibility forms: a full-width slash is a character like others', () => {
    expect('．．／'.normalize('NFKC')).toBe('../');
    expect(checkName('．．／')).toBeUndefined();
  });

  it('takes only what is safe in a path, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        if (checkName(name) !== undefined) return;
        expect(name).toBe(name.normalize('NFC'));
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/^\.{0,2}$|[/\\\p{Cc}]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses the internal directory with anything ignorable put in, in any case', () => {
    const ignorable = fc.constantFrom('\u200c', '\u200d', '\u00ad', '\u2060', '\ufeff', '');
    const letters = [...'.syncer'].map((letter) =>
      fc.tuple(ignorable, fc.constantFrom(letter, letter.toUpperCase())),
    );
    const endings = fc.constantFrom('', '.', ' ', '. .', ':x', '.:$DATA');
    fc.assert(
      fc.property(fc.tuple(...letters), endings, (parts, ending) => {
        expect(isInternal(parts.flat().join('') + ending)).toBe(true);
      }),
    );
  });
});

describe('byteLength', () => {
  it('counts UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(byteLength(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkName } from './name.ts';
import { fold, UNREPRESENTABLE, type Unrepresentable, unrepresentable } from './representable.ts';

const NOT_ON_WINDOWS: readonly (readonly [rule: string, name: string, reason: Unrepresentable])[] =
  [
    ...[...'<>:"|?*'].map((character) => ['C17', `a${character}b`, 'character'] as const),
    ['C17', 'CON', 'device'],
    ['C17', 'con', 'device'],
    ['C17', 'Prn.txt', 'device'],
    ['C17', 'aux.c', 'device'],
    ['C17', 'nul.txt.jpg', 'device'],
    ['C17', 'nul .txt', 'device'],
    ['C17', 'CONIN$', 'device'],
    ['C17', 'conout$', 'device'],
    ...Array.from({ length: 10 }, (_, port) => ['C17', `COM${port}`, 'device'] as const),
    ...Array.from({ length: 10 }, (_, port) => ['C17', `lpt${port}.log`, 'device'] as const),
    ...[...'¹²³'].map((port) => ['C17', `COM${port}`, 'device'] as const),
    ['C17', 'a.', 'ending'],
    ['C17', 'a ', 'ending'],
    ['C17', '...', 'ending'],
    ['C17', ' ', 'ending'],
    ['C18', 'b::$DATA', 'character'],
    ['C18', 'a:b', 'character'],
    ['C18', 'FOO~1', 'short-name'],
    ['C18', 'git~1', 'short-name'],
    ['C18', 'GI7EBA~1', 'short-name'],
    ['C18', 'REPORT~2.TXT', 'short-name'],
    ['C18', 'ab~12345', 'short-name'],
  ];

const ON_WINDOWS = [
  'a',
  'a.txt',
  '.bashrc',
  ' a',
  'console',
  'CONs.txt',
  'COM',
  'COM10',
  'com⁴',
  'lptx',
  'null',
  'x.con',
  'my nul.txt',
  'auxiliary',
  'file~',
  'file.txt~',
  'file.txt.~1~',
  'a~b',
  '~1',
  'toolongname~1',
  'abcdef~123',
  'FOO~1.html',
  'é',
  '😀',
  '日本語',
];

/** Names that are one on a system that does not tell case apart, by the rule's number. */
const TWINS: readonly (readonly [rule: string, a: string, b: string])[] = [
  ['C13', 'f', 'F'],
  ['C14', 'a.txt', 'A.txt'],
  ['C14', 'Makefile', 'MAKEFILE'],
  ['C15', 'é', 'e\u0301'],
  ['C15', 'É', 'e\u0301'],
  ['C15', '각', '\u1100\u1161\u11a8'],
  ['C15', '\u1e9b\u0323', '\u1e69'],
  ['C16', 'straße', 'STRASSE'],
  ['C16', 'ẞ', 'ss'],
  ['C16', 'ẞ', 'ß'],
  ['C16', '\u212a', 'k'],
  ['C16', '\u212a', 'K'],
  ['C16', '\u212b', 'å'],
  ['C16', '\u2126', 'ω'],
  ['C16', 'İ', 'i\u0307'],
  ['C16', 'ſ', 's'],
  ['C16', 'ſ', 'S'],
  ['C16', 'ς', 'σ'],
  ['C16', 'ΟΔΟΣ', 'οδος'],
  ['C16', 'ΟΔΟΣ', 'οδοσ'],
  ['C16', 'µ', 'μ'],
  ['C16', 'ﬀ', 'FF'],
  ['C16', 'ﬃ', 'ffi'],
  ['C16', 'ﬆ', 'ST'],
  ['C16', 'ŉ', 'ʼN'],
  ['C16', 'ǰ', 'J\u030c'],
  ['C16', 'ΐ', 'Ϊ\u0301'],
  ['C16', 'ᾳ', 'ΑΙ'],
  ['C16', 'ᾼ', 'ᾳ'],
  ['C16', '\u0345', 'ι'],
  ['C16', 'Ǆ', 'ǅ'],
  ['C16', 'ǆ', 'ǅ'],
  ['C16', 'ԵՒ', 'և'],
  ['C16', 'Ꭰ', 'ꭰ'],
  ['C16', '𐐀', '𐐨'],
];

const APART = [
  ['a', 'b'],
  ['ı', 'i'],
  ['ı', 'I'],
  ['İ', 'i'],
  ['é', 'e'],
  ['ø', 'o'],
  ['æ', 'ae'],
  ['ﬁ', 'f'],
  ['１', '1'],
  ['Ａ', 'A'],
  ['²', '2'],
] as const;

describe('unrepresentable', () => {
  it.each(NOT_ON_WINDOWS)('[%s] Windows cannot hold %j', (_, name, reason) => {
    expect(unrepresentable(name, { kind: 'windows' })).toBe(reason);
    expect(UNREPRESENTABLE[reason]).toMatch(/^Windows .*\.$/);
  });

  it.each(ON_WINDOWS)('Windows can hold %j', (name) => {
    expect(unrepresentable(name, { kind: 'windows' })).toBeUndefined();
  });

  it('[C17] Linux and macOS hold all of them, and the server takes them', () => {
    for (const [, name] of NOT_ON_WINDOWS) {
      expect(checkName(name)).toBeUndefined();
      expect(unrepresentable(name, { kind: 'linux' })).toBeUndefined();
      expect(unrepresentable(name, { kind: 'macos' })).toBeUndefined();
    }
  });

  it('[C17] Windows holds no control character', () => {
    for (let code = 0; code < 32; code += 1) {
      const name = `a${String.fromCharCode(code)}`;
      expect(unrepresentable(name, { kind: 'windows' })).toBe('character');
    }
  });
});

describe('fold', () => {
  it.each(TWINS)('[%s] %j and %j are twins', (_, a, b) => {
    expect(fold(a)).toBe(fold(b));
    expect(fold(`x${a}y`)).toBe(fold(`x${b}y`));
  });

  it.each(APART)('%j and %j are no twins', (a, b) => {
    expect(fold(a)).not.toBe(fold(b));
  });

  it('[C16] every character is the twin of what simple case folding makes of it', () => {
    // The `iu` flags compare by the simple mappings of CaseFolding.txt.
    for (let code = 0; code < 0x1_10000; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      for (const other of [character.toLowerCase(), character.toUpperCase()]) {
        if (other === character || !sameBySimpleFolding(character, other)) continue;
        expect(fold(other), `U+${code.toString(16)}`).toBe(fold(character));
      }
    }
  });

  it('folds once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(fold(fold(name))).toBe(fold(name));
        expect(fold(name.normalize('NFD'))).toBe(fold(name.normalize('NFC')));
      }),
      { numRuns: 2000 },
    );
  });
});

function sameBySimpleFolding(a: string, b: string): boolean {
  if ([...b].length !== 1) return false;
  return new RegExp(`^\\u{${a.codePointAt(0)?.toString(16)}}$`, 'iu').test(b);
}

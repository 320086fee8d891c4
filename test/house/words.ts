import { isCode, isTest, lineAt, type Source } from './source.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** A word as such, or as a part of a name in camelCase, kebab-case or snake_case; capitals throughout are SQL's. */
const word = (lower: string): RegExp => {
  const capital = `${lower.charAt(0).toUpperCase()}${lower.slice(1)}`;
  return new RegExp(
    `(?<![A-Za-z.])(?:${lower}|${capital})s?(?![a-z])|(?<=[a-z])${capital}s?(?![a-z])`,
    'g',
  );
};

/** One word for one thing. The others are good words, but a second name makes a reader look for a second thing. */
const SYNONYMS: readonly Ban[] = [
  // But for the scheme of addresses, `blob:`.
  {
    pattern: /(?<![A-Za-z.])blobs?(?![a-z:])|[bB]lob(?=[A-Z])/g,
    instead: 'chunk, pack or content',
  },
  { pattern: word('revision'), instead: 'version (of a node) or cursor (of a folder)' },
  { pattern: word('delta'), instead: 'change' },
  { pattern: word('tombstone'), instead: 'deletion' },
  {
    pattern: /\bupload[ _-]?sessions?\b|uploadSession/gi,
    instead: 'chunks, which a commit then uses',
  },
  { pattern: /\bconflicted cop(?:y|ies)\b|conflictedCopy/gi, instead: 'conflict copy' },
  { pattern: /\bbase tree\b|baseTree/gi, instead: 'synced tree' },
  { pattern: /\b(?:white|black)-?lists?\b/gi, instead: 'allow list or deny list' },
];

const PROSE = /^(?:src|bin|bench|test|docs|examples)\/|^[A-Z]+\.md$/;

/** The lists above and below must be able to say what they forbid. */
const isExempt = (path: string): boolean => path.startsWith('test/house/');

const findings = ({ path, text }: Source, bans: readonly Ban[]): string[] =>
  bans.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(
      ({ 0: found, index }) => `${path}:${lineAt(text, index)} says "${found}". ${instead}`,
    ),
  );

export const synonyms = (source: Source): string[] =>
  PROSE.test(source.path) && !isExempt(source.path)
    ? findings(
        source,
        SYNONYMS.map((ban) => ({ ...ban, instead: `Our word is ${ban.instead}.` })),
      )
    : [];

const LEFT_OVER: readonly Ban[] = [
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
    instead: 'What is not done belongs in an issue, where it is seen.',
  },
];

export const leftOvers = (source: Source): string[] =>
  PROSE.test(source.path) && !isExempt(source.path) ? findings(source, LEFT_OVER) : [];

const UNPROVEN: readonly Ban[] = [
  {
    pattern:
      /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|skipIf|runIf|only|todo|fails)\b|\b(?:context|ctx|task)\.skip\(|\b(?:xit|xdescribe|fit|fdescribe)\(/g,
    instead: 'A test that does not always run proves nothing: make the world in which it can.',
  },
  {
    pattern: /\bvi\.(?:mock|doMock|hoisted|fn|spyOn|stubGlobal)\b/g,
    instead: 'A mock proves itself. Use the in-memory twin of the port, with its knobs.',
  },
];

export const unprovenTests = (source: Source): string[] =>
  isCode(source.path) && isTest(source.path) && !isExempt(source.path)
    ? findings(source, UNPROVEN)
    : [];

const PLACES: readonly Ban[] = [
  {
    pattern: /(?<![\w.~-])\/work\/|(?<![\w.~-])\/root\//g,
    instead: 'A path of one machine means nothing on another.',
  },
  {
    pattern: /\bregistry\.[\w-]+\.(?:org|com|net|io|dev)\b|"resolved": "https?:/g,
    instead:
      'Which registry packages come from is for each machine to say, in its own npm settings.',
  },
];

export const machinePlaces = (source: Source): string[] =>
  isExempt(source.path) ? [] : findings(source, PLACES);

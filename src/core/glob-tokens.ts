/** Any one character. */
export const ANY = -1;

/** Any run of characters, none included. */
export const STAR = -2;

type Range = readonly [from: number, to: number];

export interface CharacterSet {
  readonly negated: boolean;
  /** Of code points, ends included. */
  readonly ranges: readonly Range[];
}

/** What one character of a name has to be: itself (a code point), ANY, STAR or one of a set. */
export type Token = number | CharacterSet;

/**
 * The tokens of a shell pattern, cut at its slashes (a slash in brackets is a member of the set).
 * Undefined: it can match nothing, as a bracket is not closed, a class is unknown, or a backslash
 * stands before nothing. All as git has it in `wildmatch.c`.
 */
export function tokenize(pattern: string): Token[][] | undefined {
  const reader = new Reader(pattern);
  const names: Token[][] = [[]];
  while (!reader.done) {
    const token = readToken(reader);
    if (token === undefined) return undefined;
    if (token === SLASH) names.push([]);
    else names.at(-1)?.push(token);
  }
  return names;
}

const SLASH = 0x2f;

class Reader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get done(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The character so far ahead; undefined after the end. */
  peek(ahead = 0): string | undefined {
    return this.#characters[this.#at + ahead];
  }

  take(): string | undefined {
    const character = this.peek();
    this.#at += 1;
    return character;
  }

  /** Takes the character if it is the next. */
  takeIf(character: string): boolean {
    const found = this.peek() === character;
    if (found) this.#at += 1;
    return found;
  }

  /** Takes `[:name:]` if it is next, and answers the name. */
  takeClass(): string | undefined {
    if (this.peek() !== '[' || this.peek(1) !== ':') return undefined;
    const end = this.#characters.indexOf(']', this.#at + 2);
    if (end <= this.#at + 2 || this.#characters[end - 1] !== ':') return undefined;
    const name = this.#characters.slice(this.#at + 2, end - 1).join('');
    this.#at = end + 1;
    return name;
  }
}

function readToken(reader: Reader): Token | undefined {
  if (reader.takeIf('*')) return STAR;
  if (reader.takeIf('?')) return ANY;
  return reader.takeIf('[') ? readSet(reader) : readLiteral(reader);
}

/** One code point, after a backslash whatever it is. */
function readLiteral(reader: Reader): number | undefined {
  reader.takeIf('\\');
  return reader.take()?.codePointAt(0);
}

/** The members of a bracket up to its end. The first is a member even if it is `]`. */
function readSet(reader: Reader): CharacterSet | undefined {
  const negated = reader.takeIf('!') || reader.takeIf('^');
  const ranges: Range[] = [];
  do {
    const name = reader.takeClass();
    const member = name === undefined ? readRange(reader) : CLASSES.get(name);
    if (member === undefined) return undefined;
    ranges.push(...member);
  } while (!reader.takeIf(']'));
  return { negated, ranges };
}

/** `a`, or `a-c`. A range that runs backwards still holds its first character, as in git. */
function readRange(reader: Reader): Range[] | undefined {
  const from = readLiteral(reader);
  if (from === undefined) return undefined;
  const after = reader.peek() === '-' ? reader.peek(1) : undefined;
  if (after === undefined || after === ']') return [[from, from]];
  reader.take();
  const to = readLiteral(reader);
  return to === undefined
    ? undefined
    : [
        [from, from],
        [from, to],
      ];
}

/** The POSIX classes, of ASCII alone; written as pairs of a first and a last character. */
const CLASSES: ReadonlyMap<string, readonly Range[]> = new Map(
  Object.entries({
    alnum: '09AZaz',
    alpha: 'AZaz',
    blank: '  \t\t',
    cntrl: '\u0000\u001f\u007f\u007f',
    digit: '09',
    graph: '!~',
    lower: 'az',
    print: ' ~',
    punct: '!/:@[`{~',
    space: '  \t\n\r\r',
    upper: 'AZ',
    xdigit: '09AFaf',
  }).map(([name, pairs]) => [name, pairsOf(pairs)]),
);

function pairsOf(characters: string): Range[] {
  const pairs: Range[] = [];
  for (let at = 0; at < characters.length; at += 2) {
    pairs.push([characters.charCodeAt(at), characters.charCodeAt(at + 1)]);
  }
  return pairs;
}

import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isText, MAX_TEXT, mergeText } from './merge-text.ts';

const merged = (ancestor: string, local: string, remote: string): string | undefined => {
  const [o, a, b] = [ancestor, local, remote].map((text) => Buffer.from(text));
  if (o === undefined || a === undefined || b === undefined) throw new Error('three texts');
  const result = mergeText({ ancestor: o, local: a, remote: b });
  return result === undefined ? undefined : Buffer.from(result).toString();
};

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const BASE = text('1', '2', '3', '4', '5');

describe('[M9] two edits of one text', () => {
  it.each([
    ['in different lines', text('A', '2', '3', '4', '5'), text('1', '2', '3', '4', 'B')],
    ['one adds, one removes', text('0', '1', '2', '3', '4', '5'), text('1', '2', '3', '5')],
    ['one at the end', text('X', '2', '3', '4', '5'), text('1', '2', '3', '4', '5', '6')],
  ])('%s are both in the result', (_, local, remote) => {
    const both = merged(BASE, local, remote);
    const changed = (side: string): string[] =>
      side.split('\n').filter((line) => !BASE.split('\n').includes(line));
    for (const line of [...changed(local), ...changed(remote)]) expect(both).toContain(line);
    expect(merged(BASE, remote, local)).toBe(both);
  });

  it.each([
    ['the same line', text('1', 'A', '3', '4', '5'), text('1', 'B', '3', '4', '5')],
    ['lines that touch', text('1', 'A', '3', '4', '5'), text('1', '2', 'B', '4', '5')],
    ['one adds where one removes', text('1', '2', 'A', '3', '4', '5'), text('1', '2', '4', '5')],
    [
      'both add at one place',
      text('1', '2', 'A', '3', '4', '5'),
      text('1', '2', 'B', '3', '4', '5'),
    ],
    ['one takes all away', '', text('1', '2', '3', '4', 'B')],
  ])('%s are not merged', (_, local, remote) => {
    expect(merged(BASE, local, remote)).toBeUndefined();
    expect(merged(BASE, remote, local)).toBeUndefined();
  });

  it('that are alike are there once', () => {
    const local = text('A', '2', '3', '4', '5');
    const remote = text('A', '2', '3', '4', 'B');
    expect(merged(BASE, local, remote)).toBe(remote);
    expect(merged(BASE, local, local)).toBe(local);
  });

  it('keep every byte: line ends of any kind, a missing last one, a byte order mark', () => {
    const windows = '\ufeff1\r\n2\r\n3\r\n4\r\n5';
    expect(merged(windows, windows.replace('2', 'zwei'), windows.replace('5', 'fünf 🎉'))).toBe(
      '\ufeff1\r\nzwei\r\n3\r\n4\r\nfünf 🎉',
    );
    expect(merged('a\nb\nc', 'A\nb\nc', 'a\nb\nc\n')).toBe('A\nb\nc\n');
    expect(
      merged('\u2028a\rb\n\n\nc\n', 'x\n\u2028a\rb\n\n\nc\n', '\u2028a\rb\n\n\nc\n\ny\n'),
    ).toBe('x\n\u2028a\rb\n\n\nc\n\ny\n');
  });

  it('have no line that an object would take for its own', () => {
    const odd = text('__proto__', 'constructor', 'toString', 'length', '0');
    expect(merged(odd, `A\n${odd}`, `${odd}B\n`)).toBe(`A\n${odd}B\n`);
  });

  it('of which one is no text are not merged', () => {
    for (const bytes of [
      Buffer.from([0x61, 0]),
      Buffer.from([0xff, 0xfe, 0x61]),
      Buffer.from([0xc3]),
    ])
      expect(isText(bytes)).toBe(false);
    expect(isText(Buffer.alloc(MAX_TEXT, 'a'))).toBe(true);
    expect(isText(Buffer.alloc(MAX_TEXT + 1, 'a'))).toBe(false);
    const binary = Buffer.from(`${BASE}\0`);
    const [local, remote] = [Buffer.from(`A\n${BASE}`), Buffer.from(`${BASE}B\n`)];
    expect(mergeText({ ancestor: binary, local, remote })).toBeUndefined();
    expect(mergeText({ ancestor: local, local: binary, remote })).toBeUndefined();
    expect(mergeText({ ancestor: local, local: remote, remote: binary })).toBeUndefined();
  });

  it('of a huge file of lines that are all alike are given up, not compared for hours', () => {
    const many = '\n'.repeat(MAX_TEXT / 2);
    expect(merged(many, `a\n${many}`, `${many}b\n`)).toBeUndefined();
    expect(merged('', many, 'a\n')).toBeUndefined();
  });

  it('at both ends of a long file are merged', () => {
    const long = text(...Array.from({ length: 10_000 }, (_, n) => `line ${n}`));
    expect(merged(long, `a\n${long}`, `${long}b\n`)).toBe(`a\n${long}b\n`);
  });
});

/** Lines that are nowhere twice, so that it can be said where each of them came from. */
const unique = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 12 });

/** A text, and what a side makes of it: some lines gone, others new. */
const edit = (ancestor: readonly string[], mark: string): fc.Arbitrary<string[]> =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: ancestor.length, maxLength: ancestor.length }),
      fc.array(fc.nat({ max: 3 }), {
        minLength: ancestor.length + 1,
        maxLength: ancestor.length + 1,
      }),
    )
    .map(([keep, added]) => {
      const lines: string[] = [];
      for (let at = 0; at <= ancestor.length; at += 1) {
        if ((added[at] ?? 0) > 2) lines.push(`${mark} ${at}`);
        const line = ancestor[at];
        if (line !== undefined && keep[at]) lines.push(line);
      }
      return lines;
    });

const sides = unique.chain((ancestor) =>
  fc.record({
    ancestor: fc.constant(ancestor),
    // Some marks alike, so that both may add the same line.
    local: edit(ancestor, 'L'),
    remote: fc.constantFrom('L', 'R').chain((mark) => edit(ancestor, mark)),
  }),
);

/** Anything at all: lines that repeat, ends that are missing. */
const loose = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 10 })
  .map((lines) => lines.join(''));

const RUNS = { numRuns: 2000 };

describe('[M9] whatever the texts', () => {
  it('merging is symmetric: swapped sides give the same bytes', () => {
    fc.assert(
      fc.property(loose, loose, loose, (o, a, b) => {
        expect(merged(o, b, a)).toBe(merged(o, a, b));
      }),
      RUNS,
    );
  });

  it('merging is total and deterministic', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (ancestor, local, remote) => {
        const once = mergeText({ ancestor, local, remote });
        expect(mergeText({ ancestor, local, remote })).toEqual(once);
      }),
      RUNS,
    );
  });

  it('no line of either side is lost, and only what a side removed is gone', () => {
    let clean = 0;
    fc.assert(
      fc.property(sides, ({ ancestor, local, remote }) => {
        const result = merged(text(...ancestor), text(...local), text(...remote));
        if (result === undefined) return;
        clean += 1;
        const lines = result.split('\n').slice(0, -1);
        const has = new Set(lines);
        const was = new Set(ancestor);
        for (const side of [local, remote])
          for (const line of side) if (!was.has(line)) expect(has).toContain(line);
        for (const line of ancestor)
          expect(has.has(line)).toBe(local.includes(line) && remote.includes(line));
        const known = new Set([...ancestor, ...local, ...remote]);
        for (const line of lines) expect(known).toContain(line);
      }),
      RUNS,
    );
    expect(clean).toBeGreaterThan(200);
  });

  it('the lines of each side stay in their order', () => {
    fc.assert(
      fc.property(sides, ({ ancestor, local, remote }) => {
        const result = merged(text(...ancestor), text(...local), text(...remote));
        const lines = result?.split('\n') ?? [];
        for (const side of [local, remote]) {
          const kept = side
            .filter((line) => lines.includes(line))
            .map((line) => lines.indexOf(line));
          expect(kept).toEqual([...kept].sort((a, b) => a - b));
        }
      }),
      RUNS,
    );
  });

  it('where one side is as it was, the result is the other', () => {
    fc.assert(
      fc.property(loose, loose, (o, a) => {
        expect(merged(o, a, o)).toBe(a);
        expect(merged(o, o, a)).toBe(a);
        expect(merged(o, a, a)).toBe(a);
      }),
      RUNS,
    );
  });
});

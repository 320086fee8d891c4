import { Buffer, isUtf8 } from 'node:buffer';
import { diff3MergeRegions } from 'node-diff3';

/** Larger texts are not merged. Bytes. */
export const MAX_TEXT = 1024 * 1024;

/**
 * How much comparing a merge may cost: roughly the steps that the library takes. Half a second of them; a text
 * of many thousand lines that are all alike would otherwise stand still for hours.
 */
const MAX_WORK = 4e8;

/** Three versions of one text. */
export interface Texts {
  readonly ancestor: Uint8Array;
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
}

/**
 * Merges by lines, byte for byte as they are: what one side changed is taken from that side, what both
 * changed alike is taken once. Undefined where that is not so everywhere, where changes touch each other, where one
 * of them is no text, and where it would take too long. Swapped sides give the same bytes.
 */
export function mergeText(texts: Texts): Uint8Array | undefined {
  const { ancestor, local, remote } = texts;
  if (![ancestor, local, remote].every(isText)) return undefined;
  const all = [linesOf(ancestor), linesOf(local), linesOf(remote)] as const;
  const head = commonHead(all, 0);
  const tail = commonHead(
    all.map((lines) => lines.toReversed()),
    head,
  );
  const [o, a, b] = all.map((lines) => lines.slice(head, lines.length - tail));
  const middle = mergeLines({ o: o ?? [], a: a ?? [], b: b ?? [] });
  if (middle === undefined) return undefined;
  const [lines] = all;
  const merged = [...lines.slice(0, head), ...middle, ...lines.slice(lines.length - tail)];
  return Buffer.from(merged.join(''), 'latin1');
}

interface Lines {
  /** Of the ancestor. */
  readonly o: readonly string[];
  /** Of the two sides. */
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/** The library compares numbers: names of lines that are quick to compare and mean nothing to an object. */
function mergeLines({ o, a, b }: Lines): string[] | undefined {
  const names = new Map<string, number>();
  const lines: string[] = [];
  const nameOf = (line: string): number => {
    const known = names.get(line) ?? lines.push(line) - 1;
    names.set(line, known);
    return known;
  };
  const [ancestor, one, other] = [o.map(nameOf), a.map(nameOf), b.map(nameOf)];
  if (workOf(ancestor, one) + workOf(ancestor, other) > MAX_WORK) return undefined;
  const merged: number[] = [];
  for (const region of diff3MergeRegions(one, ancestor, other)) {
    const isAlike = region.stable || isSame(region.aContent, region.bContent);
    if (!isAlike) return undefined;
    for (const line of region.stable ? region.bufferContent : region.aContent) merged.push(line);
  }
  return merged.map((name) => lines[name] ?? '');
}

/** Every pair of equal lines is looked at, and for each how far it reaches. */
function workOf(from: readonly number[], to: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const line of to) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = from.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  return pairs * Math.min(from.length, to.length);
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((line, at) => line === b[at]);

/** By its bytes, whatever it is called. */
export const isText = (bytes: Uint8Array): boolean =>
  bytes.length <= MAX_TEXT && !bytes.includes(0) && isUtf8(bytes);

/** Each with its end. One character stands for one byte, so that nothing is lost on the way. */
function linesOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    lines.push(text.slice(at, end));
    at = end;
  }
  return lines;
}

/** How many lines all begin with, when so many at the end are spoken for. */
function commonHead(all: readonly (readonly string[])[], spoken: number): number {
  const most = Math.min(...all.map((lines) => lines.length)) - spoken;
  let count = 0;
  while (count < most && all.every((lines) => lines[count] === all[0]?.[count])) count += 1;
  return count;
}

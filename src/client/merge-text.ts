import { Buffer, isUtf8 } from 'node:buffer';
import { diff3MergeRegions } from 'node-diff3';
import { mergeRegions } from '../core/merge-regions.ts';

/** Larger texts are not merged. Bytes. */
export const MAX_TEXT = 1024 * 1024;

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
export function mergeText({ ancestor, local, remote }: Texts): Uint8Array | undefined {
  if (![ancestor, local, remote].every(isText)) return undefined;
  const versions = { base: linesOf(ancestor), left: linesOf(local), right: linesOf(remote) };
  const merged: string[] = [];
  const regions = mergeRegions(versions, (a, o, b) => diff3MergeRegions(a, o, b));
  if (regions === undefined) return undefined;
  for (const region of regions) {
    if (region.kind === 'contested') return undefined;
    for (const line of region.lines) merged.push(line);
  }
  return Buffer.from(merged.join(''), 'latin1');
}

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

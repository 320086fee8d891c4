/** Of a content: from the first byte to before the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What of a content of `size` bytes a Range header asks for (RFC 9110, 14.2). What is no single range of
 * bytes asks for all of it, as if there were no header. `unsatisfiable`: there is nothing in it.
 */
export function byteRange(header: string | undefined, size: number): Range | 'unsatisfiable' {
  const whole = { from: 0, to: size };
  const [, first = '', last = ''] = SINGLE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return whole;
  if (first === '') return nonEmpty({ from: Math.max(0, size - Number(last)), to: size });
  const from = Number(first);
  if (last !== '' && Number(last) < from) return whole;
  return nonEmpty({ from, to: last === '' ? size : Math.min(Number(last) + 1, size) });
}

const SINGLE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

const nonEmpty = (range: Range): Range | 'unsatisfiable' =>
  range.from < range.to ? range : 'unsatisfiable';

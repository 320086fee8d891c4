const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const NOT_A_DIGIT = 255;
const DIGITS = new Uint8Array(128).fill(NOT_A_DIGIT);
for (const [value, code] of CODES.entries()) DIGITS[code] = value;

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const over = bytes.length % 3;
  const end = bytes.length - over;
  let text = '';
  for (let at = 0; at < end; at += 3) text += digits(threeAt(bytes, at));
  return over === 0
    ? text
    : text + digits(threeAt(bytes, end)).slice(0, over + 1) + '='.repeat(3 - over);
}

/** undefined when the text is not standard base64 with padding. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const length = text.length - padding;
  let bits = 0;
  let wrong = 0;
  let to = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = DIGITS[text.charCodeAt(at)] ?? NOT_A_DIGIT;
    wrong |= digit;
    bits = (bits << 6) | digit;
    if ((at & 3) !== 3) continue;
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
    to += 3;
  }
  return wrong > 63 || !endsWell({ bytes, to, bits, padding }) ? undefined : bytes;
}

/**
 * Writes the last one or two bytes; false when the text's last bits, which no byte holds, are set.
 */
function endsWell({
  bytes,
  to,
  bits,
  padding,
}: {
  bytes: Uint8Array;
  to: number;
  bits: number;
  padding: number;
}): boolean {
  if (padding === 1) {
    bytes[to] = bits >> 10;
    bytes[to + 1] = bits >> 2;
    return (bits & 3) === 0;
  }
  if (padding === 2) {
    bytes[to] = bits >> 4;
    return (bits & 15) === 0;
  }
  return true;
}

const threeAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);

const codeOf = (digit: number): number => CODES[digit & 63] ?? 0;

const digits = (bits: number): string =>
  String.fromCharCode(codeOf(bits >> 18), codeOf(bits >> 12), codeOf(bits >> 6), codeOf(bits));

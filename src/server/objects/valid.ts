const NAME = /^[0-9a-z-]{1,64}$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}

/** The server makes the names: a bad one is a programmer's error, a TypeError, no ObjectFailure. */
export function mustBeName(name: string): void {
  if (!isName(name)) throw new TypeError(`not an object's name: ${JSON.stringify(name)}`);
}

export function mustBeRange(range: { readonly offset: number; readonly length: number }): void {
  const sound = [range.offset, range.length].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!sound) throw new TypeError(`not a range: ${range.offset}+${range.length}`);
}

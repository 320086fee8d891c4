import { fold } from '../core/representable.ts';

/**
 * Whether a name holds a text, whatever the case of its letters. A text of ASCII is found as it is typed; any other as
 * Unicode folds both, so that `straße` finds `STRASSE`, and in either normal form.
 */
export const holdsText = (name: string, text: string): boolean =>
  isAscii(text) ? lowerAscii(name).includes(lowerAscii(text)) : fold(name).includes(fold(text));

export const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** No other letter becomes an ASCII one, as the Kelvin sign would. */
const lowerAscii = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

import { fold } from '../core/representable.ts';

/**
 * Whether a name holds a text, whatever the case of its letters. A text of ASCII is found as it is typed; any other as
 * Unicode folds both, so that `straße` finds `STRASSE`, and in either normal form.
 */
export function holdsText(text: string): (name: string) => boolean {
  if (isAscii(text)) {
    const wanted = lowerAscii(text);
    return (name) => lowerAscii(name).includes(wanted);
  }
  const wanted = fold(text);
  return (name) => fold(name).includes(wanted);
}

/** Whether only names with other letters than those of ASCII can hold the text. */
export const isForeign = (text: string): boolean => !isAscii(text) && !isAscii(fold(text));

export const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** No other letter becomes an ASCII one, as the Kelvin sign would. */
const lowerAscii = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

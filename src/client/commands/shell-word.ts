/** A path as one types it into a shell, so that a command can be copied. */
export const shellWord = (text: string): string =>
  /^[\p{L}\p{N}_./@%+=:,-]+$/u.test(text) && !text.startsWith('-')
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;

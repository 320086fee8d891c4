/** Items of a list that become text in one go: some milliseconds. */
const BATCH = 1000;

/** Whether one of the value's fields is a list that should not become text in one go. */
export const isLong = (value: object): boolean =>
  Object.values(value).some((part) => Array.isArray(part) && part.length > BATCH);

/** The JSON text of an object, in pieces, so that others have their turn in between. */
export function* jsonPieces(value: object): Generator<string> {
  let before = '{';
  for (const [key, part] of Object.entries(value)) {
    if (part === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (Array.isArray(part)) yield* listPieces(part);
    else yield JSON.stringify(part);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  for (let at = 0; at < list.length; at += BATCH) {
    const items = JSON.stringify(list.slice(at, at + BATCH)).slice(1, -1);
    yield `${at === 0 ? '[' : ','}${items}`;
  }
  yield list.length === 0 ? '[]' : ']';
}

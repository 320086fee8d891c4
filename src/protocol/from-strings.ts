import type { TSchema } from 'typebox';
import { type Plain, plainSchema } from './plain-schema.ts';

const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/**
 * What a query string or the environment says, as the values that the schema asks for: numbers,
 * true and false, `null`, and lists with commas between. What cannot be read so stays a text, for
 * `parse` to refuse; an absent key stays absent.
 */
export function fromStrings(
  schema: TSchema,
  strings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const properties = plainSchema(schema).properties ?? {};
  const values: [string, unknown][] = [];
  for (const [key, text] of Object.entries(strings)) {
    const part = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (text !== undefined) values.push([key, part === undefined ? text : readAs(part, text)]);
  }
  return Object.fromEntries(values);
}

function readAs(schema: Plain, text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const kinds = schema.anyOf ?? [schema];
  if (text === 'null' && kinds.some(({ type }) => type === 'null')) return null;
  for (const kind of kinds) {
    const value = READ[kind.type ?? '']?.(text, kind);
    if (value !== undefined) return value;
  }
  return text;
}

const READ: Readonly<Record<string, (text: string, schema: Plain) => unknown>> = {
  integer: (text) => (INTEGER.test(text) ? Number(text) : undefined),
  number: (text) => (NUMBER.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  array: (text, { items }) =>
    parts(text).map((part) => (items === undefined ? part : readAs(items, part))),
};

const parts = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

import { isRecord, type Plain } from './plain-schema.ts';

/**
 * Why a value is not of the kind that the schema wants, after "the field"; undefined when it is.
 */
export function wrongKind(schema: Plain, value: unknown): string | undefined {
  if (schema.const !== undefined)
    return value === schema.const ? undefined : `must be ${expected(schema)}`;
  if (schema.enum !== undefined)
    return schema.enum.includes(value) ? undefined : `must be ${expected(schema)}`;
  const fits = schema.type === undefined || IS[schema.type]?.(value) === true;
  return fits ? undefined : `must be ${expected(schema)}`;
}

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => isRecord(value),
  array: (value) => Array.isArray(value),
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  integer: (value) => Number.isInteger(value),
  number: (value) => Number.isFinite(value),
};

/** Why a value of the right kind is not allowed, apart from what is in it; undefined when it is. */
export function wrongValue(schema: Plain, value: unknown): string | undefined {
  if (typeof value === 'number') return wrongNumber(schema, value);
  if (typeof value === 'string') return wrongString(schema, value);
  if (Array.isArray(value))
    return wrongLength(value.length, [schema.minItems, schema.maxItems], 'items');
  if (!isRecord(value) || schema.minProperties === undefined) return undefined;
  return wrongLength(Object.keys(value).length, [schema.minProperties, undefined], 'fields');
}

function wrongNumber(
  { minimum, maximum, exclusiveMinimum }: Plain,
  value: number,
): string | undefined {
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `must be more than ${exclusiveMinimum}`;
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}`;
  return undefined;
}

function wrongString(schema: Plain, value: string): string | undefined {
  const { minLength, maxLength, pattern } = schema;
  const reason = wrongLength(codePoints(value), [minLength, maxLength], 'characters');
  if (reason !== undefined || pattern === undefined) return reason;
  return new RegExp(pattern, 'u').test(value) ? undefined : `must be ${expected(schema)}`;
}

function wrongLength(
  length: number,
  [least, most]: [number | undefined, number | undefined],
  of: string,
): string | undefined {
  if (least !== undefined && length < least)
    return least === 1 ? 'must not be empty' : `must have at least ${least} ${of}`;
  if (most !== undefined && length > most) return `must have at most ${most} ${of}`;
  return undefined;
}

function codePoints(text: string): number {
  let pairs = 0;
  for (let at = 1; at < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800)
      pairs += 1;
  }
  return text.length - pairs;
}

const NAMES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  null: 'null',
  integer: 'a whole number',
  number: 'a number',
};

/** What the schema wants, after "must be". */
export function expected(schema: Plain): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(expected))].join(' or ');
  return NAMES[schema.type ?? ''] ?? 'something else';
}

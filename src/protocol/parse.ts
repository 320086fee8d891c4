import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { explain } from './explain.ts';
import { Failure } from './failure.ts';
import { type Plain, plainSchema } from './plain-schema.ts';

const compiled = new WeakMap<TSchema, (value: unknown) => boolean>();

/**
 * Whether the value is what the schema asks for. A schema is compiled once, when it is first
 * needed.
 */
export function fits<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  let check = compiled.get(schema);
  if (check === undefined) {
    const validator = Compile(schema);
    check = (candidate) => validator.Check(candidate);
    compiled.set(schema, check);
  }
  return check(value);
}

/**
 * The value itself, typed; throws Failure `bad_request`, with a detail for each field that is
 * wrong.
 */
export function parse<S extends TSchema>(schema: S, value: unknown): Static<S> {
  if (fits(schema, value)) return value;
  const details = explain(schema, value);
  const [first] = details;
  const where = first === undefined || first.field === '' ? 'The data' : first.field;
  throw new Failure('bad_request', `${where} ${first?.reason ?? 'is not valid'}.`, { details });
}

/**
 * As `parse`, but answers a copy that holds only what the schema names: what others send beside it
 * is dropped.
 */
export function parseKnown<S extends TSchema>(schema: S, value: unknown): Static<S> {
  return known(plainSchema(schema), parse(schema, value)) as Static<S>;
}

/** The value of a JSON text; throws Failure `bad_request`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('bad_request', 'This is not JSON.', { cause });
  }
}

function known(schema: Plain, value: unknown): unknown {
  const branch = schema.anyOf?.find((candidate) => fits(candidate, value));
  if (branch !== undefined) return known(branch, value);
  const { items, properties } = schema;
  if (items !== undefined && Array.isArray(value)) return value.map((item) => known(items, item));
  if (properties === undefined) return value;
  return knownProperties(properties, value as Record<string, unknown>);
}

function knownProperties(
  properties: Readonly<Record<string, Plain>>,
  value: Record<string, unknown>,
): unknown {
  const kept: Record<string, unknown> = {};
  for (const key in properties) {
    const part = properties[key];
    if (part !== undefined && value[key] !== undefined) kept[key] = known(part, value[key]);
  }
  return kept;
}

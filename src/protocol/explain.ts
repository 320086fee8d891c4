import type { TSchema } from 'typebox';
import type { Detail } from './failure.ts';
import { isRecord, type Plain, plainSchema } from './plain-schema.ts';
import { expected, wrongKind, wrongValue } from './reason.ts';

/**
 * Why a value is not what the schema asks for, in plain words; [] when it is. It follows the
 * schema, which is finite, and stops at `most` reasons: neither deep nor large values cost more
 * than that.
 */
export function explain(schema: TSchema, value: unknown, most = 8): Detail[] {
  const details: Detail[] = [];
  explainAt({ schema: plainSchema(schema), value, field: '' }, { details, most });
  return details;
}

interface Spot {
  readonly schema: Plain;
  readonly value: unknown;
  readonly field: string;
}

interface Found {
  readonly details: Detail[];
  readonly most: number;
}

function explainAt(spot: Spot, found: Found): void {
  if (found.details.length >= found.most) return;
  const { schema, value, field } = spot;
  if (schema.anyOf !== undefined) {
    explainUnion(spot, schema.anyOf, found);
    return;
  }
  const reason = wrongKind(schema, value) ?? wrongValue(schema, value);
  if (reason !== undefined) found.details.push({ field, reason });
  else if (Array.isArray(value)) explainItems(spot, value, found);
  else if (isRecord(value)) explainProperties(spot, value, found);
  explainCondition(spot, found);
}

function explainItems({ schema, field }: Spot, value: readonly unknown[], found: Found): void {
  if (schema.items === undefined) return;
  for (let at = 0; at < value.length && found.details.length < found.most; at += 1) {
    explainAt({ schema: schema.items, value: value[at], field: `${field}[${at}]` }, found);
  }
}

function explainProperties(
  { schema, field }: Spot,
  value: Record<string, unknown>,
  found: Found,
): void {
  const below = (key: string): string => (field === '' ? key : `${field}.${key}`);
  const say = (key: string, reason: string) => {
    if (found.details.length < found.most) found.details.push({ field: below(key), reason });
  };
  const properties = schema.properties ?? {};
  for (const key of schema.required ?? []) if (value[key] === undefined) say(key, 'is missing');
  if (schema.additionalProperties === false) {
    for (const key of Object.keys(value))
      if (!Object.hasOwn(properties, key)) say(shown(key), 'is not known here');
  }
  for (const [key, part] of Object.entries(properties)) {
    if (value[key] !== undefined)
      explainAt({ schema: part, value: value[key], field: below(key) }, found);
  }
}

/**
 * Of a union, the branch that the value seems to mean is explained; where that is not clear, the
 * union as a whole.
 */
function explainUnion(
  { schema, value, field }: Spot,
  branches: readonly Plain[],
  found: Found,
): void {
  const tried = branches.map((branch) => {
    const details: Detail[] = [];
    explainAt({ schema: branch, value, field }, { details, most: found.most });
    return { branch, details };
  });
  if (tried.some(({ details }) => details.length === 0)) return;
  const kin = tried.filter(({ branch }) => wrongKind(branch, value) === undefined);
  const meant = kin.filter(({ branch }) => constantsMet(branch, value));
  const whole = meant.filter(({ branch }) => nothingMissing(branch, value));
  const one = meant.length === 1 ? meant[0] : whole.length === 1 ? whole[0] : undefined;
  const reason = kin.length === 0 ? `must be ${expected(schema)}` : 'is of no kind known here';
  found.details.push(...(one?.details ?? [{ field, reason }]));
  found.details.length = Math.min(found.details.length, found.most);
}

function explainCondition({ schema, value, field }: Spot, found: Found): void {
  if (schema.if === undefined) return;
  const unmet: Detail[] = [];
  explainAt({ schema: schema.if, value, field }, { details: unmet, most: 1 });
  const next = unmet.length === 0 ? schema.then : schema.else;
  if (next !== undefined) explainAt({ schema: next, value, field }, found);
}

/** Whether the constant fields of an object's schema are the value's. */
function constantsMet({ properties = {} }: Plain, value: unknown): boolean {
  if (!isRecord(value)) return true;
  return Object.entries(properties).every(
    ([key, part]) => part.const === undefined || value[key] === part.const,
  );
}

const nothingMissing = ({ required = [] }: Plain, value: unknown): boolean =>
  !isRecord(value) || required.every((key) => value[key] !== undefined);

/** A key that somebody else chose, fit to be shown. */
const shown = (key: string): string => JSON.stringify(key.slice(0, 64)).slice(1, -1);

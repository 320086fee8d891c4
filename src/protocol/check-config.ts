import type { Static, TSchema } from 'typebox';
import { ClientConfig } from './client-config.ts';
import { explain } from './explain.ts';
import { parse } from './parse.ts';
import { plainSchema } from './plain-schema.ts';
import { DEFAULT_RETENTION, wrongTiers } from './retention.ts';
import { ServerConfig } from './server-config.ts';

/** Why a configuration is refused: which key, the value that it has, and what is wrong with it. */
export interface Fault {
  readonly key: string;
  /** Of a secret only its length. */
  readonly value: unknown;
  readonly reason: string;
}

export type Checked<T> =
  | { readonly config: T; readonly faults?: undefined }
  | { readonly config?: undefined; readonly faults: readonly Fault[] };

/**
 * The whole configuration, defaults filled in, or everything that is wrong with it. An empty file
 * is null.
 */
export function checkServerConfig(given: unknown): Checked<ServerConfig> {
  const checked = check(ServerConfig, given);
  const { history_retention: value } = checked.config ?? {};
  const reason = wrongTiers(value ?? DEFAULT_RETENTION);
  return reason === undefined ? checked : { faults: [{ key: 'history_retention', value, reason }] };
}
export const checkClientConfig = (given: unknown): Checked<ClientConfig> =>
  check(ClientConfig, given);

const MOST_FAULTS = 100;

function check<S extends TSchema>(schema: S, given: unknown): Checked<Static<S>> {
  const filled = withDefaults(schema, given);
  const faults = explain(schema, filled, MOST_FAULTS).map(({ field, reason }) => ({
    key: field,
    value: shown(field, valueAt(filled, field)),
    reason,
  }));
  return faults.length > 0 ? { faults } : { config: parse(schema, filled) };
}

function withDefaults(schema: TSchema, given: unknown): unknown {
  const values = given ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) return values;
  const filled = new Map<string, unknown>();
  for (const [key, part] of Object.entries(plainSchema(schema).properties ?? {})) {
    if (part.default !== undefined) filled.set(key, structuredCopy(part.default));
  }
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) filled.set(key, value);
  return Object.fromEntries(filled);
}

/** A default is null, a plain value or a list of those. */
const structuredCopy = (value: unknown): unknown => (Array.isArray(value) ? [...value] : value);

/** `field` as `explain` writes it: a key, or a key with the place in its list. */
function valueAt(values: unknown, field: string): unknown {
  if (field === '' || typeof values !== 'object' || values === null) return values;
  const [, key = '', at] = /^([^[]*)(?:\[(\d+)\])?$/.exec(field) ?? [];
  const value: unknown = Object.entries(values).find(([name]) => name === key)?.[1];
  return at !== undefined && Array.isArray(value) ? value[Number(at)] : value;
}

function shown(field: string, value: unknown): unknown {
  if (!field.startsWith('api_key') || value === undefined || value === null) return value;
  return `(secret of ${String(value).length} characters)`;
}

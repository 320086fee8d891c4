import type { TSchema } from 'typebox';
import type { FailureCode } from './failure.ts';

/** One route: what it takes, what it answers, and how it may fail. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With `{name}` for what varies; `{path}` stands for the rest, with its slashes. */
  readonly path: string;
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: Content;
  readonly answers: Readonly<Record<number, Content>>;
  /** Whether it wants an API key, where any are configured. */
  readonly needsKey: boolean;
  /** Those of its own; `failuresOf` adds what any route may answer. */
  readonly failures: readonly FailureCode[];
}

/** A body: of JSON, or bytes of some other type. */
export interface Content {
  readonly type: string;
  readonly schema?: TSchema;
  readonly meaning: string;
}

/** What any route may answer. */
const ANY = [
  'bad_request',
  'too_many_requests',
  'internal',
  'unavailable',
] as const satisfies readonly FailureCode[];
const WITH_KEY = ['unauthorized', 'forbidden'] as const satisfies readonly FailureCode[];

/** Every code that the route may answer. */
export const failuresOf = ({ needsKey, failures }: Route): ReadonlySet<FailureCode> =>
  new Set([...ANY, ...(needsKey ? WITH_KEY : []), ...failures]);

export const json = <S extends TSchema>(schema: S, meaning: string) => ({
  type: 'application/json',
  schema,
  meaning,
});

export const other = (type: string, meaning: string): Content => ({ type, meaning });

/** The path as most routers write it: `:name` for what varies, `*` for the rest. */
export const routerPath = ({ path }: Pick<Route, 'path'>): string =>
  path.replace('{path}', '*').replaceAll(/\{(\w+)\}/g, ':$1');

/** The path with its values in place, each name encoded. Throws for a value that is not given. */
export function pathTo(
  { path }: Pick<Route, 'path'>,
  values: Readonly<Record<string, string>> = {},
): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new TypeError(`${path} needs a ${key}`);
    return value.split('/').map(encodeURIComponent).join('/');
  });
}

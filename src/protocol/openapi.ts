import type { TSchema } from 'typebox';
import { WireChange } from './change.ts';
import { ClientConfig } from './client-config.ts';
import { ClientInfo, KnownClient } from './client-info.ts';
import { CommitRequest } from './commit.ts';
import { ConflictCopy, ConflictResolution } from './conflict.ts';
import { DOWN } from './down.ts';
import { ErrorMessage, FAILURES } from './failure.ts';
import { FileInfo } from './file-info.ts';
import { HistoryLine } from './history.ts';
import { WireManifest } from './manifest.ts';
import { Envelope } from './message.ts';
import { WireEntry, WireRemoteChange } from './remote-change.ts';
import { type Content, failuresOf, json, type Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { ServerConfig } from './server-config.ts';
import { SyncMessage, SyncOperation, SyncRequest, SyncResponse } from './sync.ts';
import { UP } from './up.ts';
import { Welcome } from './welcome.ts';

type Json = Readonly<Record<string, unknown>>;

/** Definitions that the document names; wherever one of them is used, the document refers to it. */
export const NAMED: Readonly<Record<string, TSchema>> = {
  SyncOperation,
  FileInfo,
  SyncMessage,
  ClientInfo,
  SyncRequest,
  SyncResponse,
  ConflictResolution,
  ServerConfig,
  ClientConfig,
  ErrorMessage,
  Envelope,
  Entry: WireEntry,
  RemoteChange: WireRemoteChange,
  Change: WireChange,
  Manifest: WireManifest,
  CommitRequest,
  Welcome,
  KnownClient,
  ConflictCopy,
  HistoryLine,
  ...messages('Up', UP),
  ...messages('Down', DOWN),
};

/**
 * The whole HTTP interface as an OpenAPI 3.1 document, a plain value for JSON. `version`: the
 * program's.
 */
export function openapi(version: string): Json {
  const names = new Map<TSchema, string>();
  for (const [name, schema] of Object.entries(NAMED))
    if (!names.has(schema)) names.set(schema, name);
  const schemas = Object.entries(NAMED).map(([name, schema]) => [
    name,
    names.get(schema) === name ? inside(schema, names) : refer(schema, names),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Syncer',
      version,
      description: 'File synchronization through a server you run yourself.',
    },
    paths: paths(names),
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

type Names = ReadonlyMap<TSchema, string>;

function paths(names: Names): Json {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    found[route.path] = {
      ...found[route.path],
      [route.method.toLowerCase()]: operation(name, { route, names }),
    };
  }
  return found;
}

function operation(name: string, { route, names }: { route: Route; names: Names }): Json {
  const { params, query, body } = route;
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.path.startsWith('/v1/') ? 'engine' : 'contract'],
    security: route.needsKey ? [{ key: [] }] : [],
    parameters: [
      ...parameters('path', { schema: params, names }),
      ...parameters('query', { schema: query, names }),
    ],
    ...(body === undefined ? {} : { requestBody: { required: true, ...response([body], names) } }),
    responses: responses(route, names),
  };
}

function parameters(
  place: 'path' | 'query',
  { schema, names }: { schema: TSchema | undefined; names: Names },
): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, part]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: refer(part, names),
  }));
}

/** A status may come with an answer, with an error, or (a commit's 409) with either. */
function responses(route: Route, names: Names): Json {
  const found: Record<string, readonly Content[]> = {};
  for (const [status, answer] of Object.entries(route.answers)) found[status] = [answer];
  for (const code of failuresOf(route)) {
    const { status, meaning } = FAILURES[code];
    found[status] = [...(found[status] ?? []), json(ErrorMessage, `\`${code}\`: ${meaning}`)];
  }
  const entries = Object.entries(found).map(([status, all]) => [status, response(all, names)]);
  return Object.fromEntries(entries);
}

function response(all: readonly Content[], names: Names): Json {
  const description = all.map(({ meaning }) => meaning).join(' ');
  const schemas = [...new Set(all.flatMap(({ schema }) => (schema === undefined ? [] : [schema])))];
  const [{ type } = { type: '' }] = all;
  if (type === '') return { description };
  if (schemas.length === 0) return { description, content: { [type]: {} } };
  const parts = schemas.map((schema) => refer(schema, names));
  return {
    description,
    content: { [type]: { schema: parts.length === 1 ? parts[0] : { anyOf: parts } } },
  };
}

function refer(schema: TSchema, names: Names): unknown {
  const name = names.get(schema);
  return name === undefined ? inside(schema, names) : { $ref: `#/components/schemas/${name}` };
}

/** The schema itself, with references for the named definitions in it. */
function inside(schema: unknown, names: Names): unknown {
  if (Array.isArray(schema)) return schema.map((part: unknown) => referPart(part, names));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, referPart(part, names)]),
  );
}

const referPart = (part: unknown, names: Names): unknown =>
  typeof part === 'object' && part !== null ? refer(part, names) : part;

function messages(
  direction: string,
  schemas: Readonly<Record<string, TSchema>>,
): Record<string, TSchema> {
  return Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => [`${direction}_${type}`, schema]),
  );
}

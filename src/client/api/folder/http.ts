import { createHash } from 'node:crypto';
import type { Static, TSchema } from 'typebox';
import type { NodeId } from '../../../core/entry.ts';
import { KnownClients, Lag } from '../../../protocol/client-info.ts';
import { CLIENT_HEADER, ENGINE_ROUTES } from '../../../protocol/engine-routes.ts';
import { FOLDER_ROUTES } from '../../../protocol/folder-routes.ts';
import { History } from '../../../protocol/history.ts';
import { MAX_LINES } from '../../../protocol/limits.ts';
import { Listing } from '../../../protocol/listing.ts';
import { Restored, Rewound, Trash } from '../../../protocol/rewind.ts';
import { pathTo } from '../../../protocol/route.ts';
import { Stats } from '../../../protocol/stats.ts';
import { Settings } from '../../../protocol/steer.ts';
import type { FolderApi } from '../../folder-api.ts';
import { ApiFailure } from '../../ports.ts';
import { type HttpOptions, request, streamOf } from '../request.ts';

export interface HttpFolderOptions extends HttpOptions {
  /** Of this client; undefined where it never ran. Then nothing can be restored or rewound. */
  readonly clientId: string | undefined;
}

/** The server over HTTP, for commands: each answer is validated. */
export function httpFolder(options: HttpFolderOptions): FolderApi {
  const { clientId } = options;
  const headers = clientId === undefined ? {} : { [CLIENT_HEADER]: clientId };
  const ask = <S extends TSchema>(path: string, schema: S, body?: object): Promise<Static<S>> =>
    request(options, { path, schema, headers, ...(body && { body }) });
  const asMe = (wish: object): object => ({ ...wish, client_id: clientId });
  const { history, clients, lag, stats } = ENGINE_ROUTES;
  const { trash, restore, rewind, settings } = FOLDER_ROUTES;
  return {
    history: async (query) => (await ask(withQuery(history.path, query), History)).history,
    nodeAt: (path) => nodeAt(path, (at) => ask(withQuery(FOLDER_ROUTES.listing.path, at), Listing)),
    clients: async () => (await ask(clients.path, KnownClients)).clients,
    lag: (query) => ask(withQuery(lag.path, query), Lag),
    trash: (query) => ask(withQuery(trash.path, { ...query, limit: MAX_LINES }), Trash),
    restore: (wish) => ask(restore.path, Restored, asMe(wish)),
    rewind: (wish) => ask(rewind.path, Rewound, asMe(wish)),
    present: async () => {
      const { epoch, cursor } = await ask(stats.path, Stats);
      return { epoch, cursor };
    },
    taken: async () => {
      const told = await orUndefined(() => ask(settings.path, Settings));
      const allowedExtensions = told?.allowed_extensions ?? undefined;
      return { maxFileSize: told?.max_file_size, allowedExtensions };
    },
    content: (checksum) => orUndefined(() => contentOf(options, headers, checksum)),
  };
}

/** What is absent is left out. */
function withQuery(path: string, query: object): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) parts.set(key, String(value));
  return parts.size === 0 ? path : `${path}?${parts}`;
}

interface Page {
  readonly path?: string;
  readonly after?: string;
  readonly limit: number;
}

/** Asks for the names in its directory from shortly before its own, so that few of a large one come. */
async function nodeAt(
  path: string,
  list: (page: Page) => Promise<Listing>,
): Promise<NodeId | undefined> {
  const names = path.split('/');
  const name = names.pop() ?? '';
  const parent = names.length === 0 ? {} : { path: names.join('/') };
  let after: string | undefined = [...name].slice(0, -1).join('');
  while (after !== undefined) {
    const wanted: Page = { ...parent, ...(after !== '' && { after }), limit: MAX_LINES };
    const page: Listing | undefined = await orUndefined(() => list(wanted));
    const found = page?.children.find((child) => child.name === name);
    if (found !== undefined) return found.node;
    const isPassed = isAfter(page?.children.at(-1)?.name ?? '', name);
    after = isPassed ? undefined : (page?.next ?? undefined);
  }
  return undefined;
}

/** As databases order texts. */
const isAfter = (one: string, other: string): boolean =>
  Buffer.compare(Buffer.from(one), Buffer.from(other)) > 0;

async function contentOf(
  options: HttpOptions,
  headers: Readonly<Record<string, string>>,
  checksum: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const path = pathTo(FOLDER_ROUTES.content, { checksum });
  for await (const part of streamOf(options, { path, headers })) parts.push(part);
  const bytes = Buffer.concat(parts);
  if (createHash('sha256').update(bytes).digest('hex') === checksum) return bytes;
  throw new ApiFailure('checksum_mismatch', 'A content came damaged.', { retry: true });
}

async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'not_found') return undefined;
    throw error;
  }
}

import type { Chunk } from '../../core/chunk.ts';
import type { FolderApi } from '../folder-api.ts';
import type { Introduced, Welcome } from '../introduction.ts';
import { type Api, ApiFailure } from '../ports.ts';
import { WriteRefused } from './untouched-disk.ts';

export interface Asking {
  readonly api: Pick<Api, 'changes'>;
  readonly folder: Pick<FolderApi, 'present' | 'taken'>;
  /** What was fetched for the merges, by hash. */
  readonly chunks: ReadonlyMap<string, Chunk>;
}

/**
 * The server for one who only asks: what would change it throws WriteRefused. An introduction is answered by what
 * can be asked, so that the server hears of no client; that it has every chunk is assumed, so that none is sent.
 */
export const askingApi = ({ api, folder, chunks }: Asking): Api => ({
  register: (introduced) => welcomeFor(introduced, { api, folder }),
  changes: (since, until, known) => api.changes(since, until, known),
  missing: async () => [],
  wanted: async () => ({ wanted: [], next: undefined }),
  manifests: async (checksums) =>
    checksums.flatMap((checksum) => {
      const size = chunks.get(checksum)?.size;
      return size === undefined ? [] : [{ checksum, size, chunks: [{ hash: checksum, size }] }];
    }),
  fetchChunks: async function* (refs) {
    const found = refs.flatMap(({ hash }) => chunks.get(hash) ?? []);
    yield* found;
    if (found.length < refs.length)
      throw new ApiFailure('not_found', 'A chunk was not fetched.', { retry: true });
  },
  sendChunks: async () => {
    throw new WriteRefused('sendChunks');
  },
  commit: async () => {
    throw new WriteRefused('commit');
  },
});

async function welcomeFor(
  { known }: Introduced,
  { api, folder }: Pick<Asking, 'api' | 'folder'>,
): Promise<Welcome> {
  const { epoch, cursor } = await folder.present();
  const { maxFileSize = Number.POSITIVE_INFINITY, allowedExtensions } = await folder.taken();
  const knows = known === undefined || (known.epoch === epoch && (await isPoint(api, known)));
  return { epoch, cursor, knows, maxFileSize, allowedExtensions };
}

/** Asks for the empty range behind it. */
async function isPoint(
  api: Asking['api'],
  known: NonNullable<Introduced['known']>,
): Promise<boolean> {
  try {
    await api.changes(known.cursor, known.cursor, known);
    return true;
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'wrong_epoch') return false;
    throw error;
  }
}

import { hash as digest } from 'node:crypto';
import type { MergedInput } from '../core/change.ts';
import { single } from '../core/chunk.ts';
import { MAX_WHOLE_SIZE } from '../core/cut.ts';
import type { Api } from './ports.ts';

/** One whole content, verified; undefined when the server does not have all of it. Throws ApiFailure. */
export async function fetchContent(
  api: Pick<Api, 'manifests' | 'fetchChunks'>,
  { checksum, size }: MergedInput,
): Promise<Uint8Array | undefined> {
  const known = size > MAX_WHOLE_SIZE ? await api.manifests([checksum]) : [];
  const { chunks } = known[0] ?? single({ checksum, size });
  const found = new Map<string, Uint8Array>();
  if (chunks.length > 0)
    for await (const { hash, bytes } of api.fetchChunks(chunks)) found.set(hash, bytes);
  const bytes = Buffer.concat(chunks.map(({ hash }) => found.get(hash) ?? new Uint8Array()));
  return digest('sha256', bytes, 'hex') === checksum ? bytes : undefined;
}

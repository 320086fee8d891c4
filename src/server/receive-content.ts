import type { UploadFields } from '../protocol/contract-answer.ts';
import { Failure } from '../protocol/failure.ts';
import type { Limits } from './accept.ts';
import { inflate } from './inflate.ts';
import { readContent } from './read-content.ts';
import type { ChunkPorts } from './store-chunks.ts';
import { limited, type StoredContent, storeContent } from './store-content.ts';

export interface ReceivePorts extends ChunkPorts {
  readonly limits: Limits;
}

type Told = Partial<Pick<UploadFields, 'compression_type' | 'original_size'>>;

/** Takes the content of an upload. Of the two ways to learn how it is compressed, each may be the one. */
export interface Receiving {
  /** Stores the bytes; inflated, when it is told by now that they are compressed. */
  take(bytes: AsyncIterable<Uint8Array>, told: Told): Promise<void>;
  /**
   * The content as it is meant. Throws Failure `bad_request` when none was taken, and `checksum_mismatch`
   * when it has not the size that was told.
   */
  finish(told: Told): Promise<StoredContent>;
}

/** What compressing makes larger, at worst: headers, and what cannot be compressed. */
const OVERHEAD = 1024 * 1024;

/** `length`: bytes of the whole request, as far as is known. */
export function receiveContent(ports: ReceivePorts, length: number): Receiving {
  const limit = ports.limits.maxFileSize;
  let taken: StoredContent | undefined;
  let takenAs: 'none' | 'gzip' | 'zlib' = 'none';

  const store = (bytes: AsyncIterable<Uint8Array>, told: Told): Promise<StoredContent> => {
    const { compression_type: type = 'none', original_size: sizeHint = length } = told;
    const plain = type === 'none' ? bytes : inflate(limited(bytes, limit + OVERHEAD), type);
    return storeContent(ports, plain, { limit, sizeHint });
  };

  return {
    async take(bytes, told) {
      taken = await store(bytes, told);
      takenAs = told.compression_type ?? 'none';
    },
    async finish(told) {
      if (taken === undefined) throw new Failure('bad_request', 'file is missing.');
      const isMeant = takenAs === (told.compression_type ?? 'none');
      const content = isMeant ? taken : await store(bytesOf(ports, taken), told);
      const { original_size: size = content.size } = told;
      if (size !== content.size) {
        const message = `The file has ${content.size} bytes, and not ${size} as was told.`;
        throw new Failure('checksum_mismatch', message);
      }
      return content;
    },
  };
}

async function* bytesOf(ports: ChunkPorts, content: StoredContent): AsyncGenerator<Uint8Array> {
  const { chunks, refs, size } = content;
  for (const { bytes } of chunks) yield bytes;
  if (chunks.length === 0) yield* readContent(ports, refs, { from: 0, to: size });
}

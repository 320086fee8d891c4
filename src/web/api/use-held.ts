import { useQuery } from '@tanstack/react-query';
import { downloadAddress } from './address.ts';
import { ApiError } from './api-error.ts';
import { keyHeaders, send } from './call.ts';

/** What a file at a path holds now; null: no file is there. The ETag is its SHA-256. */
export const useHeld = (path: string) =>
  useQuery({
    queryKey: ['listing', 'held', path],
    queryFn: async ({ signal }) => {
      try {
        const { headers } = await send(downloadAddress(path), {
          method: 'HEAD',
          headers: keyHeaders(),
          signal,
        });
        const checksum = /[0-9a-f]{64}/.exec(headers.get('etag') ?? '')?.[0];
        const size = Number(headers.get('content-length') ?? 0);
        return checksum === undefined ? null : { checksum, size };
      } catch (error) {
        if (error instanceof ApiError && [400, 404].includes(error.status)) return null;
        throw error;
      }
    },
  });

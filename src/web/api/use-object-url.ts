import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { contentAddress } from './address.ts';
import { keyHeaders, send } from './call.ts';

interface Content {
  readonly checksum: string;
  readonly name: string;
  /** As what the browser shall show it: the server sends what could act, as a plain text or as bytes. */
  readonly type: string;
  readonly isWanted: boolean;
}

/** An address of a copy of the content that only this page knows. */
export function useObjectUrl({ checksum, name, type, isWanted }: Content) {
  const { data, error } = useQuery({
    queryKey: ['bytes', checksum, type],
    queryFn: async ({ signal }) => {
      const answer = await send(contentAddress(checksum, name), { headers: keyHeaders(), signal });
      return new Blob([await answer.arrayBuffer()], { type });
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    enabled: isWanted,
  });
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (data === undefined) return;
    const made = URL.createObjectURL(data);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return { address, error };
}

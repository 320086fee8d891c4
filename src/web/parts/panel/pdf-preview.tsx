import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { contentAddress } from '../../api/address.ts';
import { keyHeaders, send } from '../../api/call.ts';
import { formatSize } from '../../format.ts';
import { Busy } from '../busy.tsx';

/** Larger ones are for a program of their own. */
const LARGEST = 64 * 1024 * 1024;

interface Props {
  readonly content: { readonly checksum: string; readonly size: number };
  readonly name: string;
}

/** In a frame, from our own copy of its bytes: what the server sends may not be framed. */
export const PdfPreview = ({ content: { checksum, size }, name }: Props) => {
  const isSmall = size <= LARGEST;
  const isWanted = isSmall && navigator.pdfViewerEnabled;
  const { data, error } = useQuery({
    queryKey: ['pdf', checksum],
    queryFn: async ({ signal }) => {
      const answer = await send(contentAddress(checksum, name), { headers: keyHeaders(), signal });
      return new Blob([await answer.arrayBuffer()], { type: 'application/pdf' });
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    enabled: isWanted,
  });
  const address = useObjectUrl(data);
  if (!navigator.pdfViewerEnabled) {
    return <p className="preview soft">This browser shows no PDFs. Download it to read it.</p>;
  }
  if (!isSmall)
    return <p className="preview soft">With {formatSize(size)} it is too large for a preview.</p>;
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (address === undefined) return <Busy />;
  return <iframe className="preview pdf" src={address} title={`Preview of ${name}`} />;
};

function useObjectUrl(content: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (content === undefined) return;
    const made = URL.createObjectURL(content);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return address;
}

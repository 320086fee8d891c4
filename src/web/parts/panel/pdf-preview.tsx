import { useObjectUrl } from '../../api/use-object-url.ts';
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
  const isWanted = size <= LARGEST && navigator.pdfViewerEnabled;
  const { address, error } = useObjectUrl({ checksum, name, type: 'application/pdf', isWanted });
  if (!isWanted) {
    const why = navigator.pdfViewerEnabled
      ? `With ${formatSize(size)} it is too large for a preview.`
      : 'This browser shows no PDFs.';
    return <p className="preview soft">{why} Download it to read it.</p>;
  }
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (address === undefined) return <Busy />;
  return <iframe className="preview pdf" src={address} title={`Preview of ${name}`} />;
};

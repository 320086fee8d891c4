import { lazy, Suspense } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { contentAddress } from '../../api/address.ts';
import { SHOWN_TEXT, useText } from '../../api/read-text.ts';
import { fileKind } from '../../file-kind.ts';
import { parentOf } from '../../folder-path.ts';
import { formatSize } from '../../format.ts';
import { Busy } from '../busy.tsx';
import { Icon } from '../icon.tsx';
import { Picture } from '../picture.tsx';
import { PdfPreview } from './pdf-preview.tsx';

const Markdown = lazy(() => import('./markdown.tsx'));

/** What a file is like, as far as a browser can show it. */
export const Preview = ({ listed }: { listed: Listed }) => {
  const { checksum, size = 0, name } = listed;
  if (checksum === undefined) return null;
  const address = contentAddress(checksum, name);
  switch (fileKind(name)) {
    case 'image':
      return (
        <div className="preview picture">
          <Picture checksum={checksum} name={name} alt={name} />
        </div>
      );
    case 'audio':
      return (
        // biome-ignore lint/a11y/useMediaCaption: it is the user's own file, and holds what it holds.
        <audio className="preview" src={address} controls preload="metadata" />
      );
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: it is the user's own file, and holds what it holds.
        <video className="preview" src={address} controls preload="metadata" />
      );
    case 'pdf':
      return <PdfPreview content={{ checksum, size }} name={name} />;
    case 'archive':
      return <NoPreview />;
    default:
      return <TextPreview content={{ checksum, size }} name={name} path={listed.path} />;
  }
};

interface TextProps {
  readonly content: { readonly checksum: string; readonly size: number };
  readonly name: string;
  readonly path: string;
}

const TextPreview = ({ content, name, path }: TextProps) => {
  const { data, error } = useText(content);
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (data === undefined) return <Busy />;
  if (data.text === undefined) return <NoPreview />;
  if (data.text === '') return <p className="preview soft">It is empty.</p>;
  const isMarkdown = fileKind(name) === 'markdown' && data.isWhole;
  return (
    <>
      {isMarkdown ? (
        <Suspense fallback={<Busy />}>
          <Markdown text={data.text} directory={parentOf(path)} />
        </Suspense>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys.
        <pre className="preview text" tabIndex={0}>
          {data.text}
        </pre>
      )}
      {!data.isWhole && (
        <p className="soft small-text">The first {formatSize(SHOWN_TEXT)} of it.</p>
      )}
    </>
  );
};

const NoPreview = () => (
  <div className="preview none">
    <Icon name="file" />
    There is no preview of such a file.
  </div>
);

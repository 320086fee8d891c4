import { useEffect, useRef } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { deleteNodes } from '../../api/actions.ts';
import { archiveAddress } from '../../api/address.ts';
import { formatCount } from '../../format.ts';
import { Icon } from '../icon.tsx';
import { attempt } from '../toaster.tsx';
import { download } from './download.ts';
import type { Asking } from './file-dialogs.tsx';
import { UploadButton } from './upload-button.tsx';

interface Props {
  readonly path: string;
  readonly text: string;
  readonly chosen: readonly Listed[];
  readonly setText: (text: string) => void;
  readonly ask: (asking: Asking) => void;
  readonly onClear: () => void;
}

export const Toolbar = (props: Props) => (
  <div className="toolbar">
    <SearchField text={props.text} setText={props.setText} />
    {props.chosen.length > 0 ? <ForChosen {...props} /> : <ForDirectory {...props} />}
  </div>
);

/** `/` leads here from anywhere on the page. */
const SearchField = ({ text, setText }: Pick<Props, 'text' | 'setText'>) => {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, textarea');
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <label className="search">
      <span className="hidden">Search the whole folder by name</span>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        placeholder="Search everywhere"
        value={text}
        maxLength={255}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setText('')}
      />
    </label>
  );
};

const ForDirectory = ({ path, ask }: Props) => (
  <>
    <UploadButton path={path} />
    <button type="button" className="button" onClick={() => ask({ what: 'new-directory' })}>
      <Icon name="new-directory" /> <span className="word">New directory</span>
    </button>
    <a className="button" href={archiveAddress(path)} download>
      <Icon name="download" /> <span className="word">Download all</span>
    </a>
  </>
);

const ForChosen = ({ chosen, ask, onClear }: Props) => (
  <div className="for-chosen" role="toolbar" aria-label="With what is chosen">
    <strong className="numbers">{formatCount(chosen.length)} chosen</strong>
    <button type="button" className="button" onClick={() => download(chosen)}>
      <Icon name="download" /> <span className="word">Download</span>
    </button>
    <button type="button" className="button" onClick={() => ask({ what: 'move', listed: chosen })}>
      <Icon name="move" /> <span className="word">Move</span>
    </button>
    <button
      type="button"
      className="button"
      onClick={() => attempt('It could not be deleted', () => deleteNodes(chosen))}
    >
      <Icon name="trash" /> <span className="word">Delete</span>
    </button>
    <button type="button" className="icon-button" onClick={onClear} aria-label="Choose nothing">
      <Icon name="close" />
    </button>
  </div>
);

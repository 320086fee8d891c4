import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useRef } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { addressFor } from '../files/download.ts';
import type { Asking } from '../files/file-dialogs.tsx';
import { Icon } from '../icon.tsx';
import { Facts } from './facts.tsx';
import { Preview } from './preview.tsx';
import { Story } from './story.tsx';
import { Versions } from './versions.tsx';

interface Props {
  readonly listed: Listed;
  readonly onClose: () => void;
  readonly ask: (asking: Asking) => void;
}

/** One file: what it holds, what is known of it, and what it was. */
export const Panel = ({ listed, onClose, ask }: Props) => {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      className="panel"
      aria-label={`About ${listed.name}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header>
        <h2 ref={title} tabIndex={-1} className="ellipsis" title={listed.name}>
          {listed.name}
        </h2>
        <a className="icon-button" href={addressFor(listed)} download="" aria-label="Download">
          <Icon name="download" />
        </a>
        <button
          type="button"
          className="icon-button"
          onClick={() => ask({ what: 'rename', listed })}
          aria-label="Rename"
        >
          <Icon name="rename" />
        </button>
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <Tabs.Root defaultValue="preview" className="panel-tabs">
        <Tabs.List className="tabs">
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="story">Why is it so?</Tabs.Tab>
          <Tabs.Indicator className="tab-line" />
        </Tabs.List>
        <Tabs.Panel value="preview" className="tab-panel">
          <Preview listed={listed} />
          <Facts listed={listed} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className="tab-panel">
          <Versions listed={listed} />
        </Tabs.Panel>
        <Tabs.Panel value="story" className="tab-panel">
          <Story listed={listed} />
        </Tabs.Panel>
      </Tabs.Root>
    </aside>
  );
};

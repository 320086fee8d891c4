import { useCallback, useMemo, useState } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { useListing } from '../../api/use-listing.ts';
import { useSearch } from '../../api/use-search.ts';
import { Observable, useObservable } from '../../observable.ts';
import { go, goInstead } from '../../place.ts';
import { NOTHING, type Selection, within } from '../../selection.ts';
import { nextSorting, type Sorting, sortListed } from '../../sort-listed.ts';
import { Panel } from '../panel/panel.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { DropZone } from './drop-zone.tsx';
import { type Asking, FileDialogs } from './file-dialogs.tsx';
import { FileList } from './file-list.tsx';
import { Foot } from './foot.tsx';
import { Toolbar } from './toolbar.tsx';
import { UploadTray } from './upload-tray.tsx';

/** The same in every directory that one goes to. */
const sorting = new Observable<Sorting>({ by: 'name', isDescending: false });
const NONE: readonly Listed[] = [];

interface Props {
  readonly path: string;
  /** The path of what is shown in the panel. */
  readonly open: string | undefined;
}

export const FilesIn = ({ path, open }: Props) => {
  const [text, setText] = useState('');
  const [kept, setSelection] = useState<Selection>(NOTHING);
  const [asking, setAsking] = useState<Asking>();
  const order = useObservable(sorting);
  const listing = useListing(path);
  const search = useSearch(text);
  const isSearch = text.trim() !== '';
  const source = isSearch ? search.data?.found : listing.data?.children;
  const rows = useMemo(() => sortListed(source ?? NONE, order), [source, order]);
  const ids = useMemo(() => rows.map(({ node }) => node), [rows]);
  const selection = within(kept, ids);
  const opened = open === undefined ? undefined : rows.find((row) => row.path === open);
  const chosen = rows.filter(({ node }) => selection.chosen.has(node));

  const show = useCallback(
    (listed: Listed) => {
      if (listed.kind === 'directory') return go('files', listed.path);
      const step = open === undefined ? go : goInstead;
      step('files', path, { open: listed.path });
    },
    [open, path],
  );
  const close = () => goInstead('files', path);

  return (
    <DropZone path={path}>
      <div className="files" data-panel={opened !== undefined}>
        <section className="files-main" aria-label="Files">
          <Breadcrumbs path={path} />
          <Toolbar
            {...{ path, text, chosen, setText, ask: setAsking }}
            onClear={() => setSelection(NOTHING)}
          />
          <FileList
            {...{ rows, ids, selection, setSelection, path, order, isSearch, ask: setAsking, show }}
            query={isSearch ? search : listing}
            onSort={(by) => sorting.set(nextSorting(order, by))}
            onEscape={() => (opened ? close() : setSelection(NOTHING))}
            openPath={open}
          />
          <Foot rows={rows} isWhole={isSearch ? search.data?.is_whole : listing.data?.isWhole} />
        </section>
        {opened && <Panel key={opened.node} listed={opened} onClose={close} ask={setAsking} />}
      </div>
      <UploadTray />
      <FileDialogs asking={asking} path={path} ask={setAsking} />
    </DropZone>
  );
};

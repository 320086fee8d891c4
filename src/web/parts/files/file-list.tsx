import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { extendTo, type Selection, standAt, toggle } from '../../selection.ts';
import type { Sorting, SortKey } from '../../sort-listed.ts';
import { useIsNarrow } from '../use-is-narrow.ts';
import { EmptyList, type ListQuery } from './empty-list.tsx';
import type { Asking } from './file-dialogs.tsx';
import { FileMenu, type MenuAt } from './file-menu.tsx';
import { FileRow } from './file-row.tsx';
import { ListHead } from './list-head.tsx';
import { takeKey } from './take-key.ts';

export interface FileListProps {
  readonly rows: readonly Listed[];
  /** Of the rows, in their order. */
  readonly ids: readonly string[];
  readonly selection: Selection;
  readonly setSelection: (selection: Selection) => void;
  readonly path: string;
  readonly order: Sorting;
  readonly isSearch: boolean;
  readonly query: ListQuery;
  readonly openPath: string | undefined;
  readonly ask: (asking: Asking) => void;
  readonly show: (listed: Listed) => void;
  readonly onSort: (by: SortKey) => void;
  readonly onEscape: () => void;
}

const HEIGHT = { wide: 44, narrow: 60 };
/** Pixels of the head, which stays in sight. */
const HEAD = 40;

/** A directory's rows, as many as there may be: only those in sight are there. */
export const FileList = (props: FileListProps) => {
  const { rows, ids, selection, setSelection, show, ask, isSearch } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuAt>();
  const height = useIsNarrow() ? HEIGHT.narrow : HEIGHT.wide;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: of another height are all rows that were measured.
  useEffect(() => virtual.measure(), [virtual, height]);
  useEffect(() => {
    if (selection.at >= 0) virtual.scrollToIndex(selection.at, { align: 'auto' });
  }, [virtual, selection.at]);

  const pick = (index: number, event: MouseEvent): void => {
    const listed = rows[index];
    if (listed === undefined) return;
    if (event.shiftKey) setSelection(extendTo(selection, ids, index));
    else if (event.ctrlKey || event.metaKey) setSelection(toggle(selection, ids, index));
    else {
      setSelection(standAt(index));
      show(listed);
    }
  };

  return (
    <>
      <div
        className="file-list"
        role="grid"
        aria-label={isSearch ? 'What was found' : 'Entries of this directory'}
        aria-rowcount={rows.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={selection.at >= 0 ? `row-${selection.at}` : undefined}
        tabIndex={0}
        onKeyDown={(event) =>
          takeKey(event, {
            ...props,
            page: Math.floor((scroller.current?.clientHeight ?? 400) / height),
          })
        }
      >
        <div className="scroller" ref={scroller} role="presentation">
          <ListHead {...props} />
          {rows.length === 0 && <EmptyList query={props.query} isSearch={isSearch} />}
          <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const listed = rows[index];
              if (listed === undefined) return null;
              return (
                <FileRow
                  key={listed.node}
                  {...{ listed, index, height, isSearch }}
                  start={start - HEAD}
                  isCurrent={index === selection.at}
                  isOpen={listed.path === props.openPath}
                  isChosen={selection.chosen.has(listed.node)}
                  onPick={pick}
                  onToggle={() => setSelection(toggle(selection, ids, index))}
                  onMenu={(anchor) => setMenu({ listed, anchor })}
                />
              );
            })}
          </div>
        </div>
      </div>
      {/* Not in the grid, which may hold rows only. */}
      <FileMenu at={menu} onClose={() => setMenu(undefined)} ask={ask} show={show} />
    </>
  );
};

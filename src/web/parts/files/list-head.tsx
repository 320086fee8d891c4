import { chooseAll, NOTHING } from '../../selection.ts';
import type { SortKey } from '../../sort-listed.ts';
import { Icon } from '../icon.tsx';
import type { FileListProps } from './file-list.tsx';

const COLUMNS: readonly { readonly key: SortKey; readonly title: string }[] = [
  { key: 'name', title: 'Name' },
  { key: 'size', title: 'Size' },
  { key: 'time', title: 'Changed' },
];

export const ListHead = ({ ids, selection, setSelection, order, onSort }: FileListProps) => {
  const isAll = ids.length > 0 && selection.chosen.size === ids.length;
  return (
    <div className="list-head" role="rowgroup">
      <div className="list-row" role="row">
        <span role="columnheader" className="cell-check">
          <input
            type="checkbox"
            aria-label="Choose all"
            checked={isAll}
            onChange={() => setSelection(isAll ? NOTHING : chooseAll(selection, ids))}
          />
        </span>
        {COLUMNS.map(({ key, title }) => (
          <span
            key={key}
            role="columnheader"
            className={`cell-${key}`}
            aria-sort={sortOf(order.by === key, order.isDescending)}
          >
            <button type="button" onClick={() => onSort(key)}>
              {title}
              {order.by === key && <Icon name={order.isDescending ? 'down' : 'up'} />}
            </button>
          </span>
        ))}
        <span role="columnheader" className="cell-author">
          By
        </span>
        <span role="columnheader" className="cell-more">
          <span className="hidden">Actions</span>
        </span>
      </div>
    </div>
  );
};

const sortOf = (isSorted: boolean, isDescending: boolean) => {
  if (!isSorted) return undefined;
  return isDescending ? 'descending' : 'ascending';
};

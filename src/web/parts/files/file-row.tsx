import type { MouseEvent } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { iconOf } from '../../file-kind.ts';
import { parentOf } from '../../folder-path.ts';
import { formatSize } from '../../format.ts';
import { Icon } from '../icon.tsx';
import { Time } from '../time.tsx';
import type { Anchor } from './file-menu.tsx';

interface Props {
  readonly listed: Listed;
  readonly index: number;
  /** Pixels from the top. */
  readonly start: number;
  readonly height: number;
  readonly isSearch: boolean;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onPick: (index: number, event: MouseEvent) => void;
  readonly onToggle: () => void;
  readonly onMenu: (anchor: Anchor) => void;
}

export const FileRow = (props: Props) => {
  const { listed, index, start, height, isCurrent, isOpen, isChosen, onPick, onMenu } = props;
  const openMenu = (event: MouseEvent): void => {
    event.preventDefault();
    onMenu(new DOMRect(event.clientX, event.clientY));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys, for the row that is its active descendant.
    <div
      id={`row-${index}`}
      className="list-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-current={isCurrent || isOpen}
      style={{ height, translate: `0 ${start}px` }}
      tabIndex={-1}
      onClick={(event) => onPick(index, event)}
      onContextMenu={openMenu}
    >
      <span role="gridcell" className="cell-check">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Choose ${listed.name}`}
          checked={isChosen}
          onClick={(event) => event.stopPropagation()}
          onChange={props.onToggle}
        />
      </span>
      <NameCell listed={listed} isSearch={props.isSearch} />
      <span role="gridcell" className="cell-size numbers">
        {listed.size === undefined ? '' : formatSize(listed.size)}
      </span>
      <span role="gridcell" className="cell-time numbers">
        {listed.modified_time !== undefined && <Time time={listed.modified_time} />}
      </span>
      <span role="gridcell" className="cell-author ellipsis">
        {listed.author}
      </span>
      <span role="gridcell" className="cell-more">
        <button
          type="button"
          className="icon-button small"
          tabIndex={-1}
          aria-label={`Actions for ${listed.name}`}
          onClick={(event) => {
            event.stopPropagation();
            onMenu(event.currentTarget.getBoundingClientRect());
          }}
        >
          <Icon name="more" />
        </button>
      </span>
    </div>
  );
};

const NameCell = ({ listed, isSearch }: Pick<Props, 'listed' | 'isSearch'>) => {
  const where = isSearch ? parentOf(listed.path) || 'All files' : '';
  const target = listed.kind === 'symlink' ? `→ ${listed.target ?? ''}` : '';
  return (
    <span role="gridcell" className="cell-name" data-kind={listed.kind}>
      <Icon name={iconOf(listed)} />
      <span className="ellipsis" title={listed.name}>
        {listed.name} <span className="soft">{target || where}</span>
      </span>
    </span>
  );
};

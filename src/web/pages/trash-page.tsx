import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Deleted } from '../../protocol/rewind.ts';
import { restoreDeleted } from '../api/actions.ts';
import { call } from '../api/call.ts';
import { iconOf } from '../file-kind.ts';
import { nameOf, parentOf } from '../folder-path.ts';
import { countOf, formatSize } from '../format.ts';
import { Answered } from '../parts/answered.tsx';
import { Icon } from '../parts/icon.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { Time } from '../parts/time.tsx';
import { attempt } from '../parts/toaster.tsx';

/** What was deleted, and can be had again. */
const TrashPage = () => {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery({
    queryKey: ['trash'],
    queryFn: ({ pageParam, signal }) => {
      const before = pageParam === undefined ? {} : { before: pageParam };
      return call('trash', { query: { ...before, limit: 200 } }, signal);
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const deleted = query.data?.pages.flatMap((page) => page.deleted) ?? [];
  const meant = deleted.filter(({ node }) => chosen.has(node));
  const toggle = (node: string): void => {
    const next = new Set(chosen);
    if (!next.delete(node)) next.add(node);
    setChosen(next);
  };
  const restore = (which: readonly Deleted[]): void => {
    setChosen(new Set());
    attempt('It could not be restored', () => restoreDeleted(which));
  };
  return (
    <>
      <div className="row spread">
        <p className="soft">
          What was deleted comes back to where it was, with all that was in it.
        </p>
        <button
          type="button"
          className="button primary"
          disabled={meant.length === 0}
          onClick={() => restore(meant)}
        >
          <Icon name="restore" />
          {meant.length === 0 ? 'Restore' : `Restore ${countOf(meant.length, 'entry', 'entries')}`}
        </button>
      </div>
      <Answered
        query={query}
        isEmpty={deleted.length === 0}
        icon="trash"
        nothing="The trash is empty"
      >
        <ul className="lines card-list">
          {deleted.map((each) => (
            <Line
              key={each.version}
              deleted={each}
              isChosen={chosen.has(each.node)}
              onToggle={() => toggle(each.node)}
              onRestore={() => restore([each])}
            />
          ))}
        </ul>
        <MoreButton query={query} what="Older ones" />
      </Answered>
    </>
  );
};

interface LineProps {
  readonly deleted: Deleted;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
  readonly onRestore: () => void;
}

const Line = ({ deleted, isChosen, onToggle, onRestore }: LineProps) => {
  const name = nameOf(deleted.path);
  return (
    <li data-chosen={isChosen}>
      <input
        type="checkbox"
        checked={isChosen}
        onChange={onToggle}
        aria-label={`Choose ${deleted.path}`}
      />
      <Icon name={iconOf({ kind: deleted.kind, name })} />
      <div className="line-text">
        <p className="ellipsis">
          {name} <span className="soft">{parentOf(deleted.path)}</span>
        </p>
        <p className="soft small-text">
          deleted <Time time={deleted.time} /> by {deleted.client_name}
          {deleted.size !== undefined && ` · ${formatSize(deleted.size)}`}
        </p>
      </div>
      <button type="button" className="button small" onClick={onRestore}>
        Restore
      </button>
    </li>
  );
};

export default TrashPage;

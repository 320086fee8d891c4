import { lazy, Suspense, useState } from 'react';
import type { HistoryLine } from '../../../protocol/history.ts';
import { useHistory } from '../../api/use-history.ts';
import { Busy } from '../busy.tsx';
import { Icon } from '../icon.tsx';
import { Version } from './version.tsx';

const Compare = lazy(() => import('../compare/compare-dialog.tsx'));

interface Props {
  readonly listed: { readonly node: string; readonly name: string };
}

/** All that a node was, newest first. Two of its contents can be held side by side. */
export const Versions = ({ listed: { node, name } }: Props) => {
  const { lines, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useHistory({ node });
  const [picked, setPicked] = useState<readonly number[]>([]);
  const [isComparing, setComparing] = useState(false);
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (lines === undefined) return <Busy />;
  const last = lines[0]?.cursor ?? 0;
  const pick = (cursor: number): void =>
    setPicked(
      picked.includes(cursor)
        ? picked.filter((each) => each !== cursor)
        : [...picked.slice(-1), cursor],
    );
  const [older, newer] = lines.filter(({ cursor }) => picked.includes(cursor)).toReversed();
  return (
    <div className="versions">
      <div className="row spread">
        <p className="soft small-text">Choose two to compare them.</p>
        <button
          type="button"
          className="button small"
          disabled={newer === undefined}
          onClick={() => setComparing(true)}
        >
          <Icon name="compare" /> Compare
        </button>
      </div>
      <ol>
        {lines.map((line) => (
          <Version
            key={line.cursor}
            {...{ line, name, last }}
            isPicked={picked.includes(line.cursor)}
            onPick={() => pick(line.cursor)}
          />
        ))}
      </ol>
      {hasNextPage && (
        <button
          type="button"
          className="button small"
          disabled={isFetchingNextPage}
          onClick={() => fetchNextPage()}
        >
          Older ones
        </button>
      )}
      {isComparing && older && newer && (
        <Suspense fallback={<Busy />}>
          <Compare
            title={`Two versions of “${name}”`}
            left={sideOf(older)}
            right={sideOf(newer)}
            name={name}
            onClose={() => setComparing(false)}
          />
        </Suspense>
      )}
    </div>
  );
};

const sideOf = (line: HistoryLine) => ({
  title: `${line.client_name}, ${new Date(line.time).toLocaleString()}`,
  content: { checksum: line.checksum ?? '', size: line.size ?? 0 },
});

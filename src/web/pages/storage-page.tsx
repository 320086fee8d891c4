import { useMemo, useState } from 'react';
import type { Stats } from '../../protocol/stats.ts';
import { useActivity } from '../api/use-activity.ts';
import { useStats } from '../api/use-clients.ts';
import { formatCount, formatDuration, formatSize } from '../format.ts';
import { ActivityChart } from '../parts/activity-chart.tsx';
import { Answered } from '../parts/answered.tsx';
import { RangeChoice } from '../parts/range-choice.tsx';
import { useNow } from '../parts/use-now.ts';
import { savedShare } from '../saved-share.ts';
import { type RangeId, rangeOf } from '../time-scale.ts';

/** How much there is, what it takes, and what went on. */
const StoragePage = () => {
  const query = useStats();
  return (
    <Answered query={query}>
      {query.data && <Numbers stats={query.data} />}
      <Charts />
    </Answered>
  );
};

const Numbers = ({ stats }: { stats: Stats }) => {
  const numbers: readonly (readonly [string, string, string])[] = [
    ['Files', formatCount(stats.files), `in ${formatCount(stats.directories)} directories`],
    ['Their size', formatSize(stats.bytes), 'as they are now'],
    ['Stored', formatSize(stats.stored_bytes), savedSentence(stats)],
    ['Changes', formatCount(stats.cursor), `${formatCount(stats.history)} in the history`],
    ['Connections', formatCount(stats.connections), `of ${formatCount(stats.clients)} clients`],
    ['Running for', formatDuration(stats.uptime_seconds), `epoch ${stats.epoch.slice(0, 8)}`],
  ];
  return (
    <>
      {stats.quarantined > 0 && (
        <p className="card warning" role="alert">
          {formatCount(stats.quarantined)} of {formatCount(stats.chunks)} stored chunks cannot be
          read back. A client that has their contents brings them again; {formatCount(stats.healed)}{' '}
          came back so.
        </p>
      )}
      <dl className="tiles numbers-tiles">
        {numbers.map(([name, value, more]) => (
          <div key={name} className="card tile">
            <dt className="soft small-text">{name}</dt>
            <dd className="figure">{value}</dd>
            <dd className="soft small-text">{more}</dd>
          </div>
        ))}
      </dl>
    </>
  );
};

/** What is stored holds the versions of the past too, so it may be more than there is now. */
function savedSentence(stats: Stats): string {
  const share = savedShare(stats);
  const chunks = `${formatCount(stats.chunks)} chunks`;
  return share > 0
    ? `${Math.round(share * 100)}% saved, with the whole history; ${chunks}`
    : `with the whole history; ${chunks}`;
}

const Charts = () => {
  const [range, setRange] = useState<RangeId>('week');
  const now = useNow();
  const span = useMemo(() => ({ from: now - rangeOf(range), to: now }), [now, range]);
  const { data, error } = useActivity(span, 60);
  return (
    <section className="card stack">
      <div className="row spread">
        <h2>What went on</h2>
        <RangeChoice range={range} onRange={setRange} />
      </div>
      {error !== null && <p className="problem">{error.message}</p>}
      <ActivityChart what="changes" steps={data?.steps ?? []} />
      <ActivityChart what="bytes" steps={data?.steps ?? []} />
    </section>
  );
};

export default StoragePage;

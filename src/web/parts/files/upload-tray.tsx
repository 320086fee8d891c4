import { uploads } from '../../api/uploads-here.ts';
import { countOf, formatSize } from '../../format.ts';
import { useObservable } from '../../observable.ts';
import { totalsOf, type Upload } from '../../uploads.ts';
import { Icon } from '../icon.tsx';

/** More lines help nobody. */
const MOST = 50;
const ORDER = { failed: 0, sending: 1, waiting: 2, done: 3 } as const;

/** What is on its way, each and all together. */
export const UploadTray = () => {
  const all = useObservable(uploads.shown);
  if (all.length === 0) return null;
  const totals = totalsOf(all);
  const left = totals.files - totals.done - totals.failed;
  const first = all.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]).slice(0, MOST);
  return (
    <section className="tray" aria-label="Uploads">
      <header>
        <strong>{left > 0 ? `Uploading ${countOf(left, 'file')}` : 'Uploads are through'}</strong>
        <span className="soft small-text numbers" role="status">
          {formatSize(totals.sent)} of {formatSize(totals.bytes)}
          {totals.failed > 0 && `, ${totals.failed} failed`}
        </span>
        <button type="button" className="button small quiet" onClick={() => uploads.cancelAll()}>
          {left > 0 ? 'Cancel all' : 'Close'}
        </button>
      </header>
      <progress
        max={totals.bytes || 1}
        value={totals.bytes === 0 ? 1 : totals.sent}
        aria-label="All together"
      />
      <ul>
        {first.map((upload) => (
          <Line key={upload.id} upload={upload} />
        ))}
        {all.length > MOST && (
          <li className="soft">… and {countOf(all.length - MOST, 'more', 'more')}</li>
        )}
      </ul>
    </section>
  );
};

const Line = ({ upload: { id, path, file, sent, state, problem } }: { upload: Upload }) => (
  <li data-state={state}>
    <span className="ellipsis" title={path}>
      {path}
    </span>
    {state === 'sending' && (
      <progress max={file.size || 1} value={sent} aria-label={`Upload of ${path}`} />
    )}
    {state === 'waiting' && <span className="soft">waiting</span>}
    {state === 'done' && <Icon name="check" />}
    {problem !== undefined && <span className="problem">{problem}</span>}
    {state === 'failed' && (
      <button type="button" className="button small" onClick={() => uploads.retry(id)}>
        Again
      </button>
    )}
    {state !== 'done' && (
      <button
        type="button"
        className="icon-button small"
        aria-label={`Cancel the upload of ${path}`}
        onClick={() => uploads.cancel(id)}
      >
        <Icon name="close" />
      </button>
    )}
  </li>
);

import { useState } from 'react';
import type { HistoryLine } from '../../protocol/history.ts';
import { useClients } from '../api/use-clients.ts';
import { useHistory } from '../api/use-history.ts';
import { useRested } from '../api/use-search.ts';
import { iconOf } from '../file-kind.ts';
import { nameOf, parentOf } from '../folder-path.ts';
import { formatSize } from '../format.ts';
import { Answered } from '../parts/answered.tsx';
import { Icon } from '../parts/icon.tsx';
import { MoreButton } from '../parts/more-button.tsx';
import { Time } from '../parts/time.tsx';
import { linkTo } from '../place.ts';

/** Who did what, as it happens. */
const ActivityPage = () => {
  const [path, setPath] = useState('');
  const [clientId, setClientId] = useState('');
  const rested = useRested(path.trim().replace(/^\/+|\/+$/g, ''), 300);
  const { lines, ...query } = useHistory({
    ...(rested !== '' && { path: rested }),
    ...(clientId !== '' && { client_id: clientId }),
  });
  return (
    <>
      <Filters {...{ path, setPath, clientId, setClientId }} />
      <Answered
        query={query}
        isEmpty={lines?.length === 0}
        icon="activity"
        nothing={path || clientId ? 'Nothing of the kind has happened' : 'Nothing has happened yet'}
      >
        <ol className="lines card-list">
          {lines?.map((line) => (
            <Line key={line.cursor} line={line} />
          ))}
        </ol>
        <MoreButton query={query} what="What was before" />
      </Answered>
    </>
  );
};

interface FilterProps {
  readonly path: string;
  readonly setPath: (path: string) => void;
  readonly clientId: string;
  readonly setClientId: (id: string) => void;
}

const Filters = ({ path, setPath, clientId, setClientId }: FilterProps) => {
  const { data } = useClients();
  return (
    <div className="filters">
      <label className="field">
        <span>At or below this path</span>
        <input
          type="search"
          value={path}
          placeholder="everywhere"
          spellCheck={false}
          onChange={(event) => setPath(event.target.value)}
        />
      </label>
      <label className="field">
        <span>By</span>
        <select
          className="select"
          value={clientId}
          onChange={(event) => setClientId(event.target.value)}
        >
          <option value="">everybody</option>
          {data?.clients.map(({ client_id: id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
};

const Line = ({ line }: { line: HistoryLine }) => {
  const { path, operation, old_path: from } = line;
  const name = nameOf(path);
  const isGone = operation === 'delete';
  return (
    <li>
      <Icon name={iconOf({ kind: line.kind, name })} />
      <div className="line-text">
        <p className="ellipsis">
          {isGone ? <s>{name}</s> : <a href={addressOfLine(line)}>{name}</a>}{' '}
          <span className="soft">{parentOf(path)}</span>
        </p>
        <p className="soft small-text">
          <span className="tag" data-kind={operation}>
            {operation}
          </span>{' '}
          by {line.client_name} · <Time time={line.time} /> · {line.cause}
          {line.size !== undefined && ` · ${formatSize(line.size)}`}
          {from !== undefined && ` · from ${from}`}
        </p>
      </div>
      <a
        className="button small quiet"
        href={linkTo('rewind', '', { to: `${line.cursor}`, at: line.time })}
      >
        <Icon name="rewind" /> <span className="word">Rewind to here</span>
        <span className="hidden">, after the change of {name}</span>
      </a>
    </li>
  );
};

const addressOfLine = ({ kind, path }: HistoryLine): string =>
  kind === 'directory' ? linkTo('files', path) : linkTo('files', parentOf(path), { open: path });

export default ActivityPage;

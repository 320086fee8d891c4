import type { HistoryLine } from '../../../protocol/history.ts';
import { restoreVersion } from '../../api/actions.ts';
import { contentAddress } from '../../api/address.ts';
import { formatSize } from '../../format.ts';
import { Icon } from '../icon.tsx';
import { Time } from '../time.tsx';
import { attempt } from '../toaster.tsx';

interface Props {
  readonly line: HistoryLine;
  readonly name: string;
  /** The cursor of the node's last change. */
  readonly last: number;
  readonly isPicked: boolean;
  readonly onPick: () => void;
}

export const Version = ({ line, name, last, isPicked, onPick }: Props) => (
  <li className="version" data-picked={isPicked}>
    {line.checksum === undefined ? (
      <span className="no-check" />
    ) : (
      <input
        type="checkbox"
        checked={isPicked}
        onChange={onPick}
        aria-label={`Compare version ${line.cursor}`}
      />
    )}
    <div>
      <p className="row">
        <span className="tag" data-kind={line.operation}>
          {line.operation}
        </span>
        <Time time={line.time} />
      </p>
      <p className="soft small-text">
        {line.client_name} · {line.cause}
        {line.size !== undefined && ` · ${formatSize(line.size)}`}
        {line.merged_from !== undefined && ' · merged'}
      </p>
      {line.old_path !== undefined && (
        <p className="soft small-text">
          from {line.old_path} to {line.path}
        </p>
      )}
    </div>
    {line.checksum !== undefined && (
      <a
        className="icon-button small"
        href={contentAddress(line.checksum, name)}
        download={name}
        aria-label={`Download version ${line.cursor}`}
      >
        <Icon name="download" />
      </a>
    )}
    {line.cursor !== last && (
      <button
        type="button"
        className="button small"
        onClick={() =>
          attempt('It could not be restored', () => restoreVersion(line.node, line.cursor, last))
        }
      >
        Restore
      </button>
    )}
  </li>
);

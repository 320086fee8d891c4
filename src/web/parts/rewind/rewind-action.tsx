import { useState } from 'react';
import type { Rewound } from '../../../protocol/rewind.ts';
import { rewind, type To } from '../../api/use-rewind.ts';
import { nameOf } from '../../folder-path.ts';
import { countOf } from '../../format.ts';
import { changesOf } from '../../time-scale.ts';
import { Confirm } from '../confirm.tsx';
import { Icon } from '../icon.tsx';

interface Props {
  readonly path: string;
  readonly moment: To;
  readonly preview: Rewound;
  /** False: the preview is still that of another time. */
  readonly isCurrent: boolean;
  readonly onDone: (result: Rewound) => void;
}

/** How much a rewind would change, and the button that does it. */
export const RewindAction = ({ path, moment, preview, isCurrent, onDone }: Props) => {
  const [isAsking, setAsking] = useState(false);
  const count = changesOf(preview);
  const name = path === '' ? 'All files' : nameOf(path);
  return (
    <div className="row spread">
      <div role="status">
        <h2>
          {count === 0 ? 'Nothing would change' : `${countOf(count, 'change')} would be made`}
        </h2>
      </div>
      <button
        type="button"
        className="button primary"
        disabled={count === 0 || !isCurrent}
        onClick={() => setAsking(true)}
      >
        <Icon name="rewind" /> Rewind
      </button>
      {isAsking && (
        <Confirm
          title={`Rewind “${name}”?`}
          action="Rewind"
          onYes={async () => onDone(await rewind(path, moment))}
          onClose={() => setAsking(false)}
        >
          {countOf(count, 'change')} for every client, in one step: {sentenceOf(preview)}. You can
          take it back at once, or later.
        </Confirm>
      )}
    </div>
  );
};

/** `3 come back, 1 goes to the trash`. */
export function sentenceOf({ creates, updates, moves, deletes }: Rewound): string {
  const parts = [
    [creates, 'comes back', 'come back'],
    [updates, 'holds again what it held', 'hold again what they held'],
    [moves, 'goes back to where it was', 'go back to where they were'],
    [deletes, 'goes to the trash', 'go to the trash'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => countOf(count, `entry ${one}`, `entries ${many}`))
    .join(', ');
}

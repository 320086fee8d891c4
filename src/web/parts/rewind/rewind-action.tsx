import { useState } from 'react';
import type { Rewound } from '../../../protocol/rewind.ts';
import { rewind, type To } from '../../api/use-rewind.ts';
import { nameOf } from '../../folder-path.ts';
import { headlineOf, mayChange, type Preview, questionOf } from '../../rewind-preview.ts';
import { Confirm } from '../confirm.tsx';
import { Icon } from '../icon.tsx';

interface Props {
  readonly path: string;
  readonly moment: To;
  readonly preview: Preview;
  /** False: the preview is still that of another time. */
  readonly isCurrent: boolean;
  /** There is more to come. */
  readonly isCounting: boolean;
  readonly onDone: (result: Rewound) => void;
}

/** How much a rewind would change, and the button that does it. */
export const RewindAction = (props: Props) => {
  const { path, moment, preview, isCurrent, isCounting, onDone } = props;
  const [isAsking, setAsking] = useState(false);
  const name = path === '' ? 'All files' : nameOf(path);
  return (
    <div className="row spread">
      <div role="status">
        <h2>{headlineOf(preview)}</h2>
        {!preview.isWhole && (
          <p className="soft small-text">
            {isCounting ? 'Counting on …' : 'It is too much to count it all here.'}
          </p>
        )}
      </div>
      <button
        type="button"
        className="button primary"
        disabled={!mayChange(preview) || !isCurrent}
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
          {questionOf(preview)} You can take it back at once, or later.
        </Confirm>
      )}
    </div>
  );
};

import type { Rewound } from '../../../protocol/rewind.ts';
import { rewind } from '../../api/use-rewind.ts';
import { linkTo } from '../../place.ts';
import { sentenceOf } from '../../rewind-preview.ts';
import { Icon } from '../icon.tsx';
import { attempt, tell } from '../toaster.tsx';

interface Props {
  readonly path: string;
  readonly result: Rewound;
  readonly onUndone: () => void;
}

/** What was done, and the way back: to what the folder was just before. */
export const RewindResult = ({ path, result, onUndone }: Props) => {
  const undo = async (): Promise<void> => {
    await rewind(path, { cursor: result.from });
    onUndone();
    tell('The rewind is taken back');
  };
  return (
    <section className="card stack done" role="status">
      <h2 className="row">
        <Icon name="check" /> Rewound
      </h2>
      <p>{sentenceOf(result)}.</p>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => attempt('It could not be taken back', undo)}
        >
          Undo this
        </button>
        <a className="button quiet" href={linkTo('files', path)}>
          Look at it
        </a>
      </div>
    </section>
  );
};

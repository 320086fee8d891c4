import { useState } from 'react';
import { giveWord } from '../../api/use-holds.ts';
import { countOf, formatSize } from '../../format.ts';
import { type Asking, askingText, waitingText } from '../../hold-text.ts';
import { Confirm } from '../confirm.tsx';
import { Icon } from '../icon.tsx';
import { Time } from '../time.tsx';
import { attempt } from '../toaster.tsx';

/** One mass, some of its paths, and the two words on it. */
export const HoldCard = ({ asking }: { asking: Asking }) => {
  const [isConfirming, setConfirming] = useState(false);
  const { what, still, effects } = askingText(asking);
  const { examples, files, bytes, since } = asking.hold;
  const more = files - examples.length;
  const waiting = waitingText(asking);
  return (
    <li className="card stack hold">
      <h2 className="row">
        <Icon name="warning" /> {what}
      </h2>
      <p>
        {still}{' '}
        <span className="soft">
          {formatSize(bytes)}, asked <Time time={since} />
        </span>
      </p>
      <ul className="plain paths">
        {examples.map((path) => (
          <li key={path}>{path}</li>
        ))}
        {more > 0 && <li className="soft">and {countOf(more, 'more', 'more')}</li>}
      </ul>
      {waiting !== undefined && <p role="status">{waiting}</p>}
      <dl className="words">
        <dt>
          <button type="button" className="button" onClick={() => setConfirming(true)}>
            Let it happen
          </button>
        </dt>
        <dd className="soft small-text">{effects.approve}</dd>
        <dt>
          <button
            type="button"
            className="button primary"
            onClick={() => attempt('It could not be undone', () => giveWord(asking, 'undo'))}
          >
            Undo it
          </button>
        </dt>
        <dd className="soft small-text">{effects.undo}</dd>
      </dl>
      {isConfirming && (
        <Confirm
          title={`${what}. Was that meant?`}
          action="Let it happen"
          isDangerous
          onYes={() => giveWord(asking, 'approve')}
          onClose={() => setConfirming(false)}
        >
          {effects.approve}
        </Confirm>
      )}
    </li>
  );
};

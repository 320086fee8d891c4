import { useState } from 'react';
import type { Rewound } from '../../protocol/rewind.ts';
import { type To, useRewindPreview } from '../api/use-rewind.ts';
import { useRested } from '../api/use-search.ts';
import { Answered } from '../parts/answered.tsx';
import { RewindAction } from '../parts/rewind/rewind-action.tsx';
import { RewindPlace } from '../parts/rewind/rewind-place.tsx';
import { RewindResult } from '../parts/rewind/rewind-result.tsx';
import { RewindSteps } from '../parts/rewind/rewind-steps.tsx';
import { TimeChoice } from '../parts/rewind/time-choice.tsx';
import { usePlace } from '../place.ts';

/** Makes a directory what it was. Shows before what that changes, and can be taken back after. */
const RewindPage = () => {
  const { path, query } = usePlace();
  const linked = Number(query.get('to'));
  const isLinked = Number.isSafeInteger(linked) && linked > 0;
  const at = Date.parse(query.get('at') ?? '');
  return (
    <Rewind
      key={`${path} ${linked}`}
      path={path}
      {...(isLinked && { linked: { cursor: linked, ...(!Number.isNaN(at) && { at }) } })}
    />
  );
};

const Rewind = ({ path, linked }: { path: string; linked?: To }) => {
  const [opened] = useState(Date.now);
  const [moment, setMoment] = useState<To>(linked ?? { time: opened });
  const [result, setResult] = useState<Rewound>();
  const rested = useRested(moment, 400);
  const preview = useRewindPreview(path, rested);
  const choose = (chosen: To): void => {
    setResult(undefined);
    setMoment(chosen);
  };
  return (
    <>
      <p className="soft">
        A directory, with everything in it, becomes what it was. Nothing is lost by it: this is one
        more change, for all clients, and can be taken back.
      </p>
      <section className="card stack">
        <RewindPlace path={path} />
        <TimeChoice moment={moment} now={opened} onChoose={choose} />
      </section>
      {result !== undefined ? (
        <RewindResult path={path} result={result} onUndone={() => setResult(undefined)} />
      ) : (
        <section
          className="card stack"
          aria-label="What it would change"
          aria-busy={preview.isFetching}
        >
          <Answered query={preview} busy="Working out what would change">
            {preview.data && (
              <>
                <RewindAction
                  {...{ path, moment: rested }}
                  isCurrent={moment === rested && !preview.isPlaceholderData}
                  preview={preview.data}
                  isCounting={preview.isFetching}
                  onDone={setResult}
                />
                <RewindSteps preview={preview.data} />
              </>
            )}
          </Answered>
        </section>
      )}
    </>
  );
};

export default RewindPage;

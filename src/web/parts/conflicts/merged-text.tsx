import { useMemo, useState } from 'react';
import { settleMerged } from '../../api/actions.ts';
import { countOf } from '../../format.ts';
import { hunksWithBase } from '../../hunks-with-base.ts';
import { type Choice, type Hunk, hunksOf, mergedText, typedOver } from '../../merge-hunks.ts';
import { attempt } from '../toaster.tsx';
import { HunkChoice } from './hunk-choice.tsx';

interface Props {
  /** Of the conflict copy. */
  readonly path: string;
  /** Checksums of the two. */
  readonly merged: { readonly original: string; readonly copy: string };
  /** What both were made from; undefined: nobody knows. */
  readonly base: string | undefined;
  readonly left: string;
  readonly right: string;
  readonly onClose: () => void;
}

/** The questions that are left, and the text that comes of the answers, to be read and edited before it is saved. */
export const MergedText = ({ path, merged, base, left, right, onClose }: Props) => {
  const hunks = useMemo(
    () =>
      (base === undefined ? undefined : hunksWithBase({ base, left, right })) ??
      hunksOf(left, right),
    [base, left, right],
  );
  const differing = hunks.filter((hunk) => hunk.kind === 'differs');
  const [choices, setChoices] = useState<readonly Choice[]>(differing.map(() => 'both'));
  const [text, setText] = useState(() => mergedText(hunks, choices));
  const choose = (n: number, choice: Choice): void => {
    const next = choices.with(n, choice);
    setChoices(next);
    setText(mergedText(hunks, next));
  };
  return (
    <>
      <p className="soft">{summaryOf(hunks)}</p>
      <ol className="stack plain">
        {differing.map((hunk, n) => (
          <HunkChoice
            // biome-ignore lint/suspicious/noArrayIndexKey: they never change their places.
            key={n}
            number={n + 1}
            hunk={hunk}
            choice={choices[n] ?? 'both'}
            onChoose={(choice) => choose(n, choice)}
          />
        ))}
      </ol>
      <label className="field">
        <span>The merged text. {differing.length > 0 && 'A choice above writes it anew.'}</span>
        <textarea
          className="editor"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(typedOver(text, event.target.value))}
        />
      </label>
      <div className="row">
        <button
          type="button"
          className="button primary"
          onClick={() =>
            attempt('It could not be saved', () => settleMerged(path, { text, ...merged }))
          }
        >
          Save and settle
        </button>
        <button type="button" className="button" onClick={onClose}>
          Back
        </button>
      </div>
    </>
  );
};

function summaryOf(hunks: readonly Hunk[]): string {
  const count = (kind: Hunk['kind']) => hunks.filter((hunk) => hunk.kind === kind).length;
  const [taken, open] = [count('taken'), count('differs')];
  const asked = open === 0 ? 'nothing is left to decide' : `${countOf(open, 'place')} to decide`;
  return taken === 0
    ? `Nothing could be merged by itself: ${asked}.`
    : `${countOf(taken, 'change')} went together by ${taken === 1 ? 'itself' : 'themselves'}; ${asked}.`;
}

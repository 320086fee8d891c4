import { useMemo, useState } from 'react';
import { settle } from '../../api/actions.ts';
import { useText } from '../../api/read-text.ts';
import { type Choice, hunksOf, mergedText } from '../../merge-hunks.ts';
import { uploadFile } from '../../uploads.ts';
import { Busy } from '../busy.tsx';
import { attempt } from '../toaster.tsx';
import { HunkChoice } from './hunk-choice.tsx';

interface Content {
  readonly checksum: string;
  readonly size: number;
}

interface Props {
  /** Of the conflict copy. */
  readonly path: string;
  readonly original: string;
  readonly left: Content;
  readonly right: Content;
  readonly onClose: () => void;
}

/** Makes one text of two. Only whole texts: what is cut here would be cut in the file. */
export const MergeEditor = ({ left, right, ...props }: Props) => {
  const [kept, copy] = [useText(left), useText(right)];
  const error = kept.error ?? copy.error;
  if (error !== null) return <p className="problem">{error.message}</p>;
  if (kept.data === undefined || copy.data === undefined) return <Busy />;
  const [a, b] = [kept.data, copy.data];
  if (a.text === undefined || b.text === undefined || !a.isWhole || !b.isWhole) {
    return <p className="problem">These are no texts that can be merged here.</p>;
  }
  return <Editor {...props} left={a.text} right={b.text} />;
};

type EditorProps = Omit<Props, 'left' | 'right'> & { left: string; right: string };

const Editor = ({ path, original, left, right, onClose }: EditorProps) => {
  const hunks = useMemo(() => hunksOf(left, right), [left, right]);
  const differing = hunks.filter((hunk) => hunk.kind === 'differs');
  const [choices, setChoices] = useState<readonly Choice[]>(differing.map(() => 'both'));
  const [text, setText] = useState(() => mergedText(hunks, choices));
  const choose = (n: number, choice: Choice): void => {
    const next = choices.with(n, choice);
    setChoices(next);
    setText(mergedText(hunks, next));
  };
  const save = async (): Promise<void> => {
    await uploadFile(original, new Blob([text]));
    await settle(path, 'original');
  };
  return (
    <div className="stack">
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
        <span>The merged text. A choice above writes it anew.</span>
        <textarea
          className="editor"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="row">
        <button
          type="button"
          className="button primary"
          onClick={() => attempt('It could not be saved', save)}
        >
          Save and settle
        </button>
        <button type="button" className="button" onClick={onClose}>
          Back
        </button>
      </div>
    </div>
  );
};

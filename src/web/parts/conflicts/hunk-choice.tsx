import type { Choice, Hunk } from '../../merge-hunks.ts';

const CHOICES: readonly { readonly id: Choice; readonly title: string }[] = [
  { id: 'left', title: 'Left' },
  { id: 'right', title: 'Right' },
  { id: 'both', title: 'Both' },
];

interface Props {
  readonly number: number;
  readonly hunk: Extract<Hunk, { kind: 'differs' }>;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** One place where the texts differ. */
export const HunkChoice = ({ number, hunk, choice, onChoose }: Props) => (
  <li className="hunk">
    <fieldset className="segments">
      <legend>Difference {number}</legend>
      {CHOICES.map(({ id, title }) => (
        <button key={id} type="button" aria-pressed={id === choice} onClick={() => onChoose(id)}>
          {title}
        </button>
      ))}
    </fieldset>
    <pre data-taken={choice !== 'right'}>{hunk.left.join('') || '(nothing)'}</pre>
    <pre data-taken={choice !== 'left'}>{hunk.right.join('') || '(nothing)'}</pre>
  </li>
);

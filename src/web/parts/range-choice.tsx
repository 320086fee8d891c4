import { RANGES, type RangeId } from '../time-scale.ts';

interface Props {
  readonly range: RangeId;
  readonly onRange: (range: RangeId) => void;
}

/** How far back one looks. */
export const RangeChoice = ({ range, onRange }: Props) => (
  <fieldset className="segments">
    <legend className="hidden">How far back</legend>
    {RANGES.map(({ id, title }) => (
      <button key={id} type="button" aria-pressed={id === range} onClick={() => onRange(id)}>
        {title}
      </button>
    ))}
  </fieldset>
);

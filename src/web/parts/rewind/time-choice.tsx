import { Slider } from '@base-ui/react/slider';
import { useMemo, useState } from 'react';
import { useActivity } from '../../api/use-activity.ts';
import type { To } from '../../api/use-rewind.ts';
import { formatMoment } from '../../format.ts';
import {
  fromLocalInput,
  rangeFor,
  rangeOf,
  STEPS,
  stepOf,
  timeAt,
  toLocalInput,
} from '../../time-scale.ts';
import { RangeChoice } from '../range-choice.tsx';
import { Histogram } from './histogram.tsx';

const BARS = 80;

interface Props {
  readonly moment: To;
  /** When the page was opened: the right end. */
  readonly now: number;
  readonly onChoose: (moment: To) => void;
}

/** A time on a slider, with what happened when behind it; or typed. */
export const TimeChoice = ({ moment, now, onChoose }: Props) => {
  const time = 'time' in moment ? moment.time : (moment.at ?? now);
  const [range, setRange] = useState(() => (time === now ? 'day' : rangeFor(time, now)));
  const span = useMemo(() => ({ from: now - rangeOf(range), to: now }), [range, now]);
  const { data } = useActivity(span, BARS);
  return (
    <div className="stack">
      <div className="row spread">
        <RangeChoice range={range} onRange={setRange} />
        <label className="row small-text">
          <span className="soft">As it was on</span>
          <input
            className="input"
            type="datetime-local"
            step={1}
            max={toLocalInput(now)}
            value={'time' in moment || moment.at !== undefined ? toLocalInput(time) : ''}
            onChange={(event) => {
              const typed = fromLocalInput(event.target.value);
              if (typed !== undefined) onChoose({ time: typed });
            }}
          />
        </label>
      </div>
      {'cursor' in moment && (
        <p className="row small-text">
          <span className="tag">As it was after change {moment.cursor}</span>
          <span className="soft">Move the slider for another time.</span>
        </p>
      )}
      <Slider.Root
        className="slider"
        value={stepOf(time, span)}
        min={0}
        max={STEPS}
        step={1}
        largeStep={STEPS / 50}
        onValueChange={(step) => onChoose({ time: timeAt(step, span) })}
      >
        <Slider.Control className="slider-control">
          <Histogram steps={data?.steps ?? []} share={stepOf(time, span) / STEPS} />
          <Slider.Track className="slider-track">
            <Slider.Indicator className="slider-indicator" />
            <Slider.Thumb
              className="slider-thumb"
              aria-label="Time to go back to"
              getAriaValueText={(_, step) => formatMoment(timeAt(step, span))}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <p className="row spread soft small-text numbers">
        <span>{formatMoment(span.from)}</span>
        <span>now</span>
      </p>
    </div>
  );
};

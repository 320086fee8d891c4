import type { Activity } from '../../../protocol/steer.ts';
import { barsOf } from '../../time-scale.ts';

interface Props {
  readonly steps: Activity['steps'];
  /** Of the time that is chosen, from 0 to 1: what is right of it would be taken back. */
  readonly share: number;
}

/** How much happened when. */
export const Histogram = ({ steps, share }: Props) => (
  <svg
    className="histogram"
    viewBox={`0 0 ${Math.max(steps.length, 1)} 1`}
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    {barsOf(steps).map((height, n) => (
      <rect
        key={steps[n]?.time}
        x={n + 0.1}
        y={1 - height}
        width={0.8}
        height={height}
        data-taken-back={(n + 0.5) / steps.length > share}
      />
    ))}
  </svg>
);

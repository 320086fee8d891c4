import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Activity } from '../../protocol/steer.ts';
import { formatCount, formatSize } from '../format.ts';
import { useObservable } from '../observable.ts';
import { theme } from '../theme.ts';
import { changesOf } from '../time-scale.ts';

interface Props {
  readonly steps: Activity['steps'];
  readonly what: 'changes' | 'bytes';
}

const HEIGHT = 180;
const bars = uPlot.paths.bars?.({ size: [0.7, 24], radius: 0.2 });

/** Bars over time. What they show in sum is said in words, for those who don't see them. */
export const ActivityChart = ({ steps, what }: Props) => {
  const place = useRef<HTMLDivElement>(null);
  const chosen = useObservable(theme);
  const values = steps.map((step) => (what === 'bytes' ? step.bytes : changesOf(step)));
  const sum = values.reduce((total, value) => total + value, 0);
  const words = what === 'bytes' ? `${formatSize(sum)} came` : `${formatCount(sum)} changes`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the values come with the steps, the colours with the theme.
  useEffect(() => {
    const element = place.current;
    if (element === null || steps.length === 0) return;
    const times = steps.map(({ time }) => Date.parse(time) / 1000);
    const chart = new uPlot(optionsFor(element, what), [times, values], element);
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [steps, what, chosen]);

  return (
    <figure className="chart">
      <figcaption className="small-text">{words}</figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
};

function optionsFor(element: HTMLElement, what: Props['what']): uPlot.Options {
  const colour = (name: string): string => resolve(element, name);
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const label = what === 'bytes' ? formatSize : formatCount;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(most, 1)] } },
    axes: [axis, { ...axis, size: 72, values: (_, ticks) => ticks.map(label) }],
    series: [
      {},
      {
        fill: colour('--accent-fill'),
        stroke: colour('--accent-fill'),
        width: 0,
        points: { show: false },
        ...(bars && { paths: bars }),
      },
    ],
  };
}

/** A canvas knows no custom properties, and none of their light and dark. */
function resolve(element: HTMLElement, name: string): string {
  const sample = document.createElement('span');
  sample.style.color = `var(${name})`;
  element.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}

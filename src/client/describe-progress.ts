import { bytesText, countText, durationText, inThousands } from './quantity.ts';
import type { Progress } from './session.ts';

export interface Elapsed {
  /** Milliseconds since the step began. */
  readonly ms: number;
}

const STEPS: Readonly<Record<Progress['step'], string>> = {
  scan: 'reading',
  download: 'receiving',
  upload: 'sending',
};

/** `receiving 12 of 300 files, 1.2 MiB of 30 MiB, 3.1 MiB/s, 9 s left`. */
export function describeProgress(progress: Progress, { ms }: Elapsed): string {
  const { step, files, filesTotal, bytes, bytesTotal } = progress;
  const seconds = ms / 1000;
  const of =
    bytesTotal > bytes ? `${bytesText(bytes)} of ${bytesText(bytesTotal)}` : bytesText(bytes);
  const rate = seconds > 0 && bytes > 0 ? [`${bytesText(bytes / seconds)}/s`] : [];
  const left = ms * (1 / shareOf(progress) - 1);
  const time =
    ms > 0 && files < filesTotal && Number.isFinite(left) ? [`${durationText(left)} left`] : [];
  const count = `${inThousands(files)} of ${countText(filesTotal, 'file')}`;
  return [`${STEPS[step]} ${count}`, of, ...rate, ...time].join(', ');
}

/** How much of the step is done, from 0 to 1: by bytes where they are what takes the time. */
export function shareOf({ files, filesTotal, bytes, bytesTotal }: Progress): number {
  if (bytesTotal > bytes) return bytes / bytesTotal;
  return filesTotal > 0 ? Math.min(1, files / filesTotal) : 1;
}

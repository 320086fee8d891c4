/** Of milliseconds, with three digits that mean something. */
export function time(ms: number): string {
  if (Number.isNaN(ms)) return '–';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
}

export function bytes(count: number): string {
  if (Number.isNaN(count)) return '–';
  if (count < 1024) return `${count.toFixed(0)} B`;
  const step = count < 2 ** 20 ? { unit: 'KiB', size: 2 ** 10 } : { unit: 'MiB', size: 2 ** 20 };
  const value = count / step.size;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${step.unit}`;
}

export const count = (number: number): string => number.toLocaleString('en-US');

import { Worker } from 'node:worker_threads';
import type { Batch, Share } from './worker.ts';

export interface Seeds {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
}

export interface Report {
  seeds: number;
  steps: number;
  readonly met: Map<string, number>;
  /** Of the decision tables, by name: how often each was asked for. */
  readonly cells: Map<string, number>;
  readonly failed: { readonly seed: number; readonly faults: readonly string[] }[];
}

/** Each seed twice, by several threads; tells how far it is now and then. */
export async function runSeeds(
  { from, count, workers }: Seeds,
  onProgress: (report: Report) => void = () => undefined,
): Promise<Report> {
  const report: Report = { seeds: 0, steps: 0, met: new Map(), cells: new Map(), failed: [] };
  const until = from + count;
  const shares = Array.from({ length: Math.min(workers, count) }, (_, at) => {
    const share: Share = { from: from + at, until, stride: Math.min(workers, count) };
    return runShare(share, (batch, cellsBefore) => {
      add(report, batch, cellsBefore);
      onProgress(report);
    });
  });
  await Promise.all(shares);
  report.failed.sort((a, b) => a.seed - b.seed);
  return report;
}

type Counts = readonly (readonly [string, number])[];

function runShare(share: Share, onBatch: (batch: Batch, cells: Counts) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share });
  let cells: Counts = [];
  return new Promise((resolve, reject) => {
    worker.on('message', (batch: Batch) => {
      onBatch(batch, cells);
      cells = batch.cells;
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of the simulation ended by itself, with ${code}`));
    });
  });
}

/** A worker's cells are counted from its beginning. */
function add(report: Report, batch: Batch, cellsBefore: Counts): void {
  report.seeds += batch.seeds;
  report.steps += batch.steps;
  report.failed.push(...batch.failed);
  addTo(report.met, batch.met, 1);
  addTo(report.cells, batch.cells, 1);
  addTo(report.cells, cellsBefore, -1);
}

function addTo(counts: Map<string, number>, more: Counts, sign: number): void {
  for (const [what, count] of more) counts.set(what, (counts.get(what) ?? 0) + sign * count);
}

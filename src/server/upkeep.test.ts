import { describe, expect, it } from 'vitest';
import { memoryClock } from './clock-memory.ts';
import { createLog } from './log.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, writeSteps } from './metadata/sample.ts';
import { createMetrics } from './metrics.ts';
import { createUpkeep } from './upkeep.ts';

const DAY = 24 * 60 * 60 * 1000;
const HOUR = DAY / 24;
const log = createLog({ sinks: [] });
const recheck = async (): Promise<void> => {};
const NOTHING = { chunks: 0, packs: 0, bytes: 0, compacted: 0 };
const sweep = async () => NOTHING;
const thin = async () => 0;
const metrics = createMetrics();
const directory = (name: string) => ({ kind: 'directory', parent: 'root', name }) as const;

async function setUp(historyRetentionDays: number | null) {
  const metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  await writeSteps(metadata, [{ node: 'n', entry: directory('a') }], { time: 1 * DAY });
  await writeSteps(metadata, [{ node: 'n', entry: directory('b') }], { time: 2 * DAY });
  await metadata.audit(FOLDER, [
    { time: 9 * DAY, clientId: 'anna', action: 'connect', detail: '' },
    { time: 95 * DAY, clientId: 'anna', action: 'connect', detail: '' },
  ]);
  const clock = memoryClock(100 * DAY);
  const upkeep = createUpkeep({
    metadata,
    folder: FOLDER,
    clock,
    log,
    recheck,
    thin,
    sweep,
    metrics,
    historyRetentionDays,
  });
  const counted = async () => ({
    history: (await metadata.history(FOLDER, { limit: 10 })).length,
    audit: (await metadata.auditLog(FOLDER, { limit: 10 })).length,
  });
  return { metadata, clock, upkeep, counted };
}

describe('upkeep', () => {
  it('removes old history, and audit records after 90 days, at the start', async () => {
    const { upkeep, clock, counted } = await setUp(30);
    upkeep.run();
    await clock.advance(0);
    expect(await counted()).toEqual({ history: 1, audit: 1 });
    await upkeep.stop();
  });

  it('keeps the history for ever where nothing else is configured', async () => {
    const { upkeep, clock, counted } = await setUp(null);
    upkeep.run();
    await clock.advance(0);
    expect(await counted()).toEqual({ history: 2, audit: 1 });
    await upkeep.stop();
  });

  it('looks again every hour, also after a failure', async () => {
    const { metadata, clock, counted } = await setUp(30);
    let failures = 0;
    const pruneHistory: typeof metadata.pruneHistory = async (folder, before) => {
      if (failures++ === 0) throw new Error('the database is busy');
      return await metadata.pruneHistory(folder, before);
    };
    const pruneAudit = metadata.pruneAudit.bind(metadata);
    const parts = {
      metadata: { pruneHistory, pruneAudit },
      folder: FOLDER,
      clock,
      log,
      recheck,
      thin,
      sweep,
      metrics,
    };
    const upkeep = createUpkeep({ ...parts, historyRetentionDays: 30 });
    upkeep.run();
    await clock.advance(HOUR - 1);
    expect(await counted()).toEqual({ history: 2, audit: 2 });
    await clock.advance(1);
    expect(await counted()).toEqual({ history: 1, audit: 1 });
    await upkeep.stop();
  });

  it('sweeps an hour after the start, then every six, also after a failure', async () => {
    const metadata = new MemoryMetadata();
    await metadata.openFolder(FOLDER, 'epoch');
    const clock = memoryClock(0);
    const times: number[] = [];
    const failing = async () => {
      times.push(clock.now() / HOUR);
      if (times.length === 1) throw new Error('the database is busy');
      return NOTHING;
    };
    const parts = { metadata, folder: FOLDER, clock, log, recheck, historyRetentionDays: null };
    const upkeep = createUpkeep({ ...parts, thin, metrics, sweep: failing });
    upkeep.run();
    await clock.advance(14 * HOUR);
    expect(times).toEqual([1, 7, 13]);
    await upkeep.stop();
  });

  it('thins before each sweep, and says how much it removed and freed', async () => {
    const lines: string[] = [];
    const metadata = new MemoryMetadata();
    await metadata.openFolder(FOLDER, 'epoch');
    const [clock, metrics] = [memoryClock(0), createMetrics()];
    const log = createLog({ sinks: [(line) => void lines.push(line)] });
    const steps: string[] = [];
    const parts = { metadata, folder: FOLDER, clock, log, recheck, metrics };
    const upkeep = createUpkeep({
      ...parts,
      historyRetentionDays: null,
      thin: async () => {
        steps.push('thin');
        if (steps.length === 1) throw new Error('the database is busy');
        return 3;
      },
      sweep: async () => {
        steps.push('sweep');
        return { chunks: 2, packs: 1, bytes: 500, compacted: 0 };
      },
    });
    upkeep.run();
    await clock.advance(8 * HOUR);
    await upkeep.stop();
    expect(steps).toEqual(['thin', 'sweep', 'thin', 'sweep']);
    const text = await metrics.text();
    expect(text).toContain('syncer_history_removed_total{why="thinned"} 3');
    expect(text).toContain('syncer_freed_bytes_total 1000');
    expect(lines.join()).toMatch(/"versions":3.*thinned the history/);
    expect(lines.join()).toMatch(/"bytes":500.*freed/);
  });
});

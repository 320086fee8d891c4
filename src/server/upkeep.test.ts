import { describe, expect, it } from 'vitest';
import { memoryClock } from './clock-memory.ts';
import { createLog } from './log.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import { FOLDER, writeSteps } from './metadata/sample.ts';
import { createUpkeep } from './upkeep.ts';

const DAY = 24 * 60 * 60 * 1000;
const HOUR = DAY / 24;
const log = createLog({ sinks: [] });
const recheck = async (): Promise<void> => {};
const NOTHING = { chunks: 0, packs: 0, bytes: 0, compacted: 0 };
const sweep = async () => NOTHING;
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
    sweep,
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
      sweep,
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
    const upkeep = createUpkeep({ ...parts, sweep: failing });
    upkeep.run();
    await clock.advance(14 * HOUR);
    expect(times).toEqual([1, 7, 13]);
    await upkeep.stop();
  });
});

import { describe, expect, it } from 'vitest';
import { createAudit } from './audit.ts';
import { memoryClock } from './clock-memory.ts';
import { createLog } from './log.ts';
import { MemoryMetadata } from './metadata/memory.ts';
import type { AuditRecord } from './ports.ts';

const FOLDER = 'default';
const CONNECT = { clientId: 'anna', action: 'connect', detail: '' };

async function setUp() {
  const metadata = new MemoryMetadata();
  await metadata.openFolder(FOLDER, 'epoch');
  const clock = memoryClock(5_000);
  const log = createLog({ sinks: [] });
  const stored = () => metadata.auditLog(FOLDER, { limit: 100_000 });
  return { metadata, clock, log, stored };
}

describe('the audit log', () => {
  it('is stored once a second, with the time of each record', async () => {
    const { metadata, clock, log, stored } = await setUp();
    const audit = createAudit({ metadata, clock, log, folder: FOLDER });
    audit.run();
    audit.record(CONNECT);
    await clock.advance(500);
    audit.record({ ...CONNECT, action: 'disconnect' });
    expect(await stored()).toEqual([]);
    await clock.advance(500);
    expect(await stored()).toEqual([
      { time: 5_500, clientId: 'anna', action: 'disconnect', detail: '' },
      { time: 5_000, ...CONNECT },
    ]);
    await audit.stop();
  });

  it('is whole when it stops', async () => {
    const { metadata, clock, log, stored } = await setUp();
    const audit = createAudit({ metadata, clock, log, folder: FOLDER });
    audit.run();
    audit.record(CONNECT);
    await audit.stop();
    expect(await stored()).toHaveLength(1);
  });

  it('keeps what could not be stored, in order, and of too many the newest', async () => {
    const { clock, log, metadata, stored } = await setUp();
    let isDown = true;
    const audits = async (folder: string, records: readonly AuditRecord[]) => {
      if (isDown) throw new Error('the disk is full');
      await metadata.audit(folder, records);
    };
    const audit = createAudit({ metadata: { audit: audits }, clock, log, folder: FOLDER });
    audit.record({ ...CONNECT, detail: 'lost' });
    for (let n = 0; n < 10_000; n += 1) audit.record({ ...CONNECT, detail: String(n) });
    await audit.drain();
    isDown = false;
    await audit.drain();
    const details = (await stored()).map(({ detail }) => detail);
    expect(details).toHaveLength(10_000);
    expect(details.at(-1)).toBe('0');
    expect(details[0]).toBe('9999');
  });
});

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { createAccess } from '../src/server/access.ts';
import { type AppParts, createApp } from '../src/server/app.ts';
import { createBrowserSessions } from '../src/server/browser-sessions.ts';
import { memoryClock } from '../src/server/clock-memory.ts';
import { type Committed, createCommitter } from '../src/server/commit.ts';
import { guardReads } from '../src/server/guard-reads.ts';
import type { Reached } from '../src/server/live/connection.ts';
import { type GivenWord, Holds } from '../src/server/live/holds.ts';
import { createLog } from '../src/server/log.ts';
import { MemoryMetadata } from '../src/server/metadata/memory.ts';
import { createMetrics } from '../src/server/metrics.ts';
import { memoryNotifier } from '../src/server/notifier/memory.ts';
import { memoryObjects } from '../src/server/objects/memory.ts';
import { createPacks } from '../src/server/packs.ts';
import type { AuditRecord } from '../src/server/ports.ts';
import { createQuarantine } from '../src/server/quarantine.ts';

export interface MemoryAppOptions {
  readonly apiKeys?: readonly string[];
  readonly maxFileSize?: number;
  readonly allowedExtensions?: readonly string[];
  readonly requestsPerSecond?: number;
  readonly webDirectory?: string;
}

export const START = Date.parse('2026-11-22T12:00:00Z');
const MIB = 1024 * 1024;

/** The HTTP side of a whole server whose ports are all in memory; asked by `inject`, without a socket. */
export async function memoryApp(options: MemoryAppOptions = {}) {
  const folder = 'default';
  const metadata = new MemoryMetadata();
  await metadata.openFolder(folder, 'epoch-1');
  const objects = memoryObjects();
  const clock = memoryClock(START);
  const newId = counter();
  const seen = seenBy();
  const log = createLog({ sinks: [(line) => void seen.log.push(line)] });
  const metrics = createMetrics();
  const onTaken = (): void => {
    seen.urged.count += 1;
  };
  const quarantine = createQuarantine({ metadata, folder, clock, log, metrics, onTaken });
  const stored = createPacks({ objects, newName: () => `pack-${newId()}` });
  const packs = guardReads(stored, quarantine);
  const limits = {
    maxFileSize: options.maxFileSize ?? 100 * MIB,
    allowedExtensions: options.allowedExtensions,
  };
  const onCommitted = (committed: Committed) => void seen.committed.push(committed);
  const notifier = memoryNotifier();
  const given = { metadata, packs, notifier, clock, folder, limits, onCommitted };
  const parts: AppParts = {
    ...given,
    committer: createCommitter(given),
    access: createAccess(options.apiKeys ?? []),
    sessions: createBrowserSessions({ clock, newToken: () => `token-${newId()}` }),
    live: seen.live,
    quarantine,
    log,
    metrics,
    audit: { record: (record) => void seen.audit.push(record) },
    config: {
      history_retention: null,
      history_retention_days: null,
      scrub_days: 30,
      heartbeat_interval: 30,
      max_connections: 10_000,
      max_messages_per_second: 100,
    },
    webDirectory: options.webDirectory,
    version: '1.2.3',
    startedAt: START,
    newId,
    requestsPerSecond: options.requestsPerSecond ?? 1_000_000,
  };
  return { app: await createApp(parts), parts, objects, metadata, clock, folder, ...seen };
}

export type MemoryApp = Awaited<ReturnType<typeof memoryApp>>;

function counter(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `id-${last}`;
  };
}

function seenBy() {
  const joined: string[] = [];
  const online = new Set<string>();
  const holds = new Holds();
  const reached = new Map<string, Reached>();
  const wanted: number[] = [];
  return {
    committed: [] as Committed[],
    log: [] as string[],
    /** How often the clients were told to ask. */
    urged: { count: 0 },
    audit: [] as Omit<AuditRecord, 'time'>[],
    joined,
    online,
    /** What clients told that they hold. */
    holds,
    /** How far those are that are connected. */
    reached,
    /** Up to where they were asked to say. */
    wanted,
    live: {
      joined: ({ clientId, name }: { clientId: string; name: string }) =>
        void joined.push(`${clientId} ${name}`),
      isOnline: (clientId: string) => online.has(clientId),
      held: () => holds.all(),
      giveWord: (word: GivenWord) => holds.give(word),
      reached: (clientId: string) => reached.get(clientId),
      wantApplied: (cursor: number) => void wanted.push(cursor),
      dismiss: async (clientId: string) => {
        holds.forget(clientId);
        online.delete(clientId);
      },
      get connections() {
        return online.size;
      },
    },
  };
}

export const hashOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Bytes that do not compress and that no two seeds share; the same for the same seed. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(Math.ceil(length / 32) * 32);
  for (let at = 0; at < bytes.length; at += 32) {
    createHash('sha256').update(`${seed}:${at}`).digest().copy(bytes, at);
  }
  return bytes.subarray(0, length);
}

export async function register(app: FastifyInstance, id = 'anna', name = 'Anna'): Promise<void> {
  const payload = { client_id: id, name, sync_root: '/home/anna' };
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/register', payload });
  if (statusCode !== 200) throw new Error(body);
}

/** A part of a form: a field is [name, value], a file has bytes. */
export type FormPart = readonly [name: string, value: string | Uint8Array];

const BOUNDARY = 'a-boundary-that-is-in-no-file';

export function formHead([name, value]: FormPart): Buffer {
  const isFile = typeof value !== 'string';
  const file = isFile ? '; filename="x"\r\nContent-Type: application/octet-stream' : '';
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
  return Buffer.from(head);
}

export const FORM_END = `\r\n--${BOUNDARY}--\r\n`;
export const FORM_HEADERS = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

export function form(parts: readonly FormPart[]) {
  const pieces = parts.flatMap((part) => [
    formHead(part),
    Buffer.from(part[1] as string),
    Buffer.from('\r\n'),
  ]);
  const payload = Buffer.concat([...pieces, Buffer.from(FORM_END.slice(2))]);
  return { headers: FORM_HEADERS, payload };
}

export interface TestUpload {
  readonly path: string;
  readonly bytes: Uint8Array | string;
  readonly clientId?: string;
  readonly more?: readonly FormPart[];
}

export const upload = (app: FastifyInstance, one: TestUpload) =>
  app.inject({ method: 'POST', url: '/upload', ...form(uploadParts(one)) });

export const uploadParts = ({
  path,
  bytes,
  clientId = 'anna',
  more = [],
}: TestUpload): FormPart[] => [
  ['relative_path', path],
  ['client_id', clientId],
  ...more,
  ['file', Buffer.from(bytes as string)],
];

/** Puts files there, each through the front door. */
export async function uploadAll(
  app: FastifyInstance,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const { statusCode, body } = await upload(app, { path, bytes });
    if (statusCode !== 200) throw new Error(body);
  }
}

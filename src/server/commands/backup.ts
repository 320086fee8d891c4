import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BackUpProgress, BackupOfAnother, BackupTooSlow, backUp } from '../back-up.ts';
import type { BackupRecord } from '../backup-record.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { ConfigRefused } from '../config-refused.ts';
import { makeDirectory } from '../make-directory.ts';
import type { ObjectStore, Snapshot } from '../ports.ts';
import { readVersion } from '../version.ts';
import {
  ABOUT,
  MARK,
  mustBeApart,
  mustBeFreeOrBackup,
  mustBeServers,
  Refusal,
  sentenceOf,
} from './backup-directory.ts';
import { ProgressLine, sizeText } from './progress-line.ts';

/** `main` chooses them. */
export interface BackupImplementations {
  openObjects(directory: string, options?: { readonly isReadOnly: boolean }): Promise<ObjectStore>;
  takeSnapshot(paths: { readonly from: string; readonly to: string }): Promise<Snapshot>;
  takeLock(path: string): { release(): void } | undefined;
}

export interface BackupOptions {
  /** The backup's. */
  readonly directory: string;
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Of the configuration. */
  readonly file: string | undefined;
  readonly isVerified: boolean;
  readonly isJson: boolean;
  readonly implementations: BackupImplementations;
}

const FOLDER = 'default';

/** Answers the exit code: 0 complete, 1 none, or one in which something is missing or damaged. */
export async function backup(options: BackupOptions): Promise<number> {
  const directory = resolve(options.directory);
  const line = new ProgressLine(process.stderr, systemClock.now);
  try {
    const record = await make(options, directory, (progress) => line.show(progress));
    line.end();
    tell(record, directory, options.isJson);
    return isWhole(record) ? 0 : 1;
  } catch (error) {
    line.end();
    const isKnown = [ConfigRefused, Refusal, BackupTooSlow, BackupOfAnother].some(
      (one) => error instanceof one,
    );
    const said = isKnown && error instanceof Error ? error.message : sentenceOf(error, directory);
    console.error(said === undefined ? error : `syncer-server: ${said}`);
    return 1;
  }
}

async function make(
  { flags, file, isVerified, implementations }: BackupOptions,
  directory: string,
  progressed: (progress: BackUpProgress) => void,
): Promise<BackupRecord> {
  const { config } = await readConfig({ flags, file, env: process.env, cwd: process.cwd() });
  const { sync_directory: data } = config;
  await mustBeServers(data);
  await mustBeApart(directory, data);
  await mustBeFreeOrBackup(directory);
  await makeDirectory(directory);
  await mark(directory, undefined);
  const lock = implementations.takeLock(join(directory, 'lock'));
  if (lock === undefined) throw new Refusal(`Another backup is being made in ${directory}.`);
  try {
    const paths = {
      from: join(data, 'metadata.sqlite'),
      to: join(directory, 'snapshot.sqlite'),
    };
    const record = await backUp({
      source: await implementations.openObjects(join(data, 'objects'), { isReadOnly: true }),
      target: await implementations.openObjects(join(directory, 'objects')),
      takeSnapshot: () => implementations.takeSnapshot(paths),
      ...{ folder: FOLDER, clock: systemClock, version: readVersion(), newId: randomUUID },
      ...{ isVerified, progressed },
    });
    await mark(directory, record);
    return record;
  } finally {
    lock.release();
  }
}

/** For people; what counts is in the objects. */
async function mark(directory: string, latest: BackupRecord | undefined): Promise<void> {
  const path = join(directory, MARK);
  const text = JSON.stringify({ format: 1, about: ABOUT, latest }, undefined, 2);
  if (latest === undefined) {
    await writeFile(path, `${text}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    return;
  }
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const isWhole = ({ missing_packs: missing, damaged_chunks: damaged }: BackupRecord): boolean =>
  missing.length === 0 && (damaged ?? 0) === 0;

function tell(record: BackupRecord, directory: string, isJson: boolean): void {
  if (isJson) {
    console.log(JSON.stringify({ complete: isWhole(record), directory, ...record }));
    return;
  }
  const { files, packs, bytes, cursor, damaged_chunks: damaged } = record;
  const size = sizeText(bytes);
  console.log(
    `Backed up to ${directory}: ${files} files in ${packs} packs, ${size}, at ${cursor}.`,
  );
  if (damaged === 0) console.log('Everything was read back and is as it was.');
  for (const warning of warningsOf(record)) console.error(`syncer-server: ${warning}`);
}

function warningsOf({
  missing_packs: missing,
  damaged_chunks: damaged,
}: BackupRecord): readonly string[] {
  const some = damaged ?? 0;
  return [
    ...(missing.length > 0
      ? [`the server lacks ${missing.length} packs, which are not in the backup: ${missing[0]} …`]
      : []),
    ...(some > 0 ? [`${some} chunks are damaged on the server, and so in the backup.`] : []),
  ];
}

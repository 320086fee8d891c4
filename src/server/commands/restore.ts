import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { ConfigRefused } from '../config-refused.ts';
import { makeDirectory } from '../make-directory.ts';
import type { ObjectStore, PutBack } from '../ports.ts';
import {
  BackupDamaged,
  NothingToRestore,
  type Restored,
  type RestoreProgress,
  restore as restoreInto,
} from '../restore.ts';
import {
  mustBeApart,
  mustBeBackup,
  mustBeFreeOrRestoring,
  RESTORING,
  Refusal,
  sentenceOf,
} from './backup-directory.ts';
import { ProgressLine, sizeText } from './progress-line.ts';

/** `main` chooses them. */
export interface RestoreImplementations {
  openObjects(directory: string, options?: { readonly isReadOnly: boolean }): Promise<ObjectStore>;
  putBack(path: string, bytes: AsyncIterable<Uint8Array>): Promise<PutBack>;
  takeLock(path: string): { release(): void } | undefined;
}

export interface RestoreOptions {
  /** The backup's. */
  readonly directory: string;
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Of the configuration. */
  readonly file: string | undefined;
  readonly isVerified: boolean;
  readonly isJson: boolean;
  readonly implementations: RestoreImplementations;
}

const FOLDER = 'default';

/** Answers the exit code: 0 restored, 1 not, or not all of it. */
export async function restore(options: RestoreOptions): Promise<number> {
  const line = new ProgressLine(process.stderr, systemClock.now);
  const directory = resolve(options.directory);
  try {
    const target = await targetOf(options, directory);
    const restored = await make(options, { directory, target }, (progress) => line.show(progress));
    line.end();
    tell(restored, target, options.isJson);
    return restored.lost === 0 ? 0 : 1;
  } catch (error) {
    line.end();
    const isKnown = [ConfigRefused, Refusal, NothingToRestore, BackupDamaged].some(
      (one) => error instanceof one,
    );
    const said = isKnown && error instanceof Error ? error.message : sentenceOf(error, directory);
    console.error(said === undefined ? error : `syncer-server: ${said}`);
    return 1;
  }
}

async function targetOf({ flags, file }: RestoreOptions, directory: string): Promise<string> {
  const { config } = await readConfig({ flags, file, env: process.env, cwd: process.cwd() });
  const { sync_directory: target } = config;
  await mustBeBackup(directory);
  await mustBeApart(directory, target);
  await mustBeFreeOrRestoring(target);
  return target;
}

async function make(
  { isVerified, implementations }: RestoreOptions,
  { directory, target }: { readonly directory: string; readonly target: string },
  progressed: (progress: RestoreProgress) => void,
): Promise<Restored> {
  await makeDirectory(target);
  await writeFile(join(target, RESTORING), '');
  const lock = implementations.takeLock(join(target, 'lock'));
  if (lock === undefined) throw new Refusal(`${target} is being restored or used by a server.`);
  try {
    const restored = await restoreInto({
      source: await implementations.openObjects(join(directory, 'objects'), { isReadOnly: true }),
      target: await implementations.openObjects(join(target, 'objects')),
      putBack: (bytes) => implementations.putBack(join(target, 'metadata.sqlite'), bytes),
      ...{ folder: FOLDER, clock: systemClock, newId: randomUUID, isVerified, progressed },
    });
    await rm(join(target, RESTORING));
    return restored;
  } finally {
    lock.release();
  }
}

function tell({ record, epoch, lost }: Restored, target: string, isJson: boolean): void {
  if (isJson) {
    const { time, version, files, packs, bytes, cursor } = record;
    const told = { directory: target, epoch, time, version, files, packs, bytes, cursor };
    console.log(JSON.stringify({ complete: lost === 0, ...told, lost_chunks: lost }));
    return;
  }
  const { time, files, bytes } = record;
  console.log(`Restored to ${target} as it was at ${time}: ${files} files, ${sizeText(bytes)}.`);
  console.log('Clients that know more bring it back when the server runs; nothing is deleted.');
  if (lost === 0) return;
  const what = lost === 1 ? '1 chunk is' : `${lost} chunks are`;
  console.error(`syncer-server: ${what} missing in the backup; clients are asked for them.`);
}

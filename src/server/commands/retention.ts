import { join } from 'node:path';
import { tiersOf } from '../../protocol/retention.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { ConfigRefused } from '../config-refused.ts';
import type { MetadataStore } from '../ports.ts';
import { thinHistory } from '../thin-history.ts';
import { mustBeServers, Refusal } from './backup-directory.ts';

export interface RetentionOptions {
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Of the configuration. */
  readonly file: string | undefined;
  readonly isJson: boolean;
  /** As of one moment; `main` chooses the implementation. */
  readonly openMetadata: (path: string) => Promise<{ readonly metadata: MetadataStore }>;
}

const FOLDER = 'default';

/** Says how many versions the retention would remove now, and changes nothing. Answers the exit code: 0 said, 1 not. */
export async function retention(options: RetentionOptions): Promise<number> {
  try {
    const { tiers, history, versions } = await look(options);
    const told = { history_retention: tiers, history, versions };
    const would = `${versions} of ${history} records of the history`;
    const said = options.isJson ? JSON.stringify(told) : sentenceOf(tiers, would);
    process.stdout.write(`${said}\n`);
    return 0;
  } catch (error) {
    const isKnown = error instanceof ConfigRefused || error instanceof Refusal;
    const said = error instanceof Error ? error.message : String(error);
    process.stderr.write(`syncer-server: ${isKnown ? '' : 'cannot look: '}${said}\n`);
    return 1;
  }
}

async function look({ flags, file, openMetadata }: RetentionOptions) {
  const { config } = await readConfig({ flags, file, env: process.env, cwd: process.cwd() });
  const { sync_directory: data, history_retention: written } = config;
  await mustBeServers(data);
  const { metadata } = await openMetadata(join(data, 'metadata.sqlite'));
  try {
    const tiers = written && tiersOf(written);
    const parts = { metadata, folder: FOLDER, clock: systemClock, tiers, isDry: true };
    const versions = await thinHistory(parts);
    return { tiers: written, history: (await metadata.counts(FOLDER)).history, versions };
  } finally {
    await metadata.close();
  }
}

const sentenceOf = (tiers: readonly string[] | null, would: string): string =>
  tiers === null
    ? 'All versions are kept: history_retention is null.'
    : `With ${tiers.join(', ')}, ${would} would go now.`;

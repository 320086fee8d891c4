import { join } from 'node:path';
import { type Checked, type CheckProgress, check as checkParts } from '../check.ts';
import type { Finding } from '../check-findings.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { ConfigRefused } from '../config-refused.ts';
import type { MetadataStore, ObjectStore } from '../ports.ts';
import { mustBeServers, Refusal } from './backup-directory.ts';
import { ProgressLine, sizeText } from './progress-line.ts';

/** `main` chooses them. */
export interface CheckImplementations {
  openObjects(directory: string, options?: { readonly isReadOnly: boolean }): Promise<ObjectStore>;
  openMetadata(path: string): Promise<{
    readonly metadata: MetadataStore;
    damage(): readonly string[];
  }>;
}

export interface CheckOptions {
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Of the configuration. */
  readonly file: string | undefined;
  readonly readPercent: number;
  readonly isJson: boolean;
  readonly implementations: CheckImplementations;
}

const FOLDER = 'default';

/** Answers the exit code: 0 sound, 1 something is broken, or could not be looked at. */
export async function check(options: CheckOptions): Promise<number> {
  const line = new ProgressLine(process.stderr, systemClock.now);
  try {
    const checked = await look(options, (progress) => line.show(progress));
    line.end();
    if (options.isJson) console.log(JSON.stringify(jsonOf(checked)));
    else tell(checked);
    return checked.broken === 0 ? 0 : 1;
  } catch (error) {
    line.end();
    const isKnown = error instanceof ConfigRefused || error instanceof Refusal;
    const said = error instanceof Error ? error.message : String(error);
    console.error(isKnown ? `syncer-server: ${said}` : `syncer-server: cannot check: ${said}`);
    return 1;
  }
}

async function look(
  { flags, file, readPercent, implementations }: CheckOptions,
  progressed: (progress: CheckProgress) => void,
): Promise<Checked> {
  const { config } = await readConfig({ flags, file, env: process.env, cwd: process.cwd() });
  const { sync_directory: data } = config;
  await mustBeServers(data);
  const { metadata, damage } = await implementations.openMetadata(join(data, 'metadata.sqlite'));
  try {
    const objects = await implementations.openObjects(join(data, 'objects'), { isReadOnly: true });
    const random = Math.random;
    const parts = { metadata, objects, folder: FOLDER, readPercent, random, damage, progressed };
    return await checkParts(parts);
  } finally {
    await metadata.close();
  }
}

const jsonOf = ({ findings, broken, nodes, chunks, chunksRead, unreferenced }: Checked) => ({
  ...{ sound: broken === 0, broken, nodes, chunks, chunks_read: chunksRead, unreferenced },
  findings: findings.map(({ about, message, paths, pathCount }) => ({
    ...{ about, message, paths, path_count: pathCount },
  })),
});

function tell({ findings, broken, nodes, chunks, chunksRead, unreferenced }: Checked): void {
  for (const finding of findings) console.log(lineOf(finding));
  const left = broken - findings.length;
  if (left > 0) console.log(`… and ${left} more.`);
  console.log(`Looked at ${nodes} files and directories and ${chunks} chunks; read ${chunksRead}.`);
  const { chunks: some, packs, bytes } = unreferenced;
  if (some + packs > 0) {
    const size = sizeText(bytes);
    console.log(`Nothing refers to ${some} chunks and ${packs} packs, ${size}: no fault.`);
  }
  console.log(broken === 0 ? 'Everything is sound.' : `${broken} things are broken.`);
}

function lineOf({ about, message, paths, pathCount }: Finding): string {
  if (paths.length === 0) return `${about}: ${message}`;
  const named = paths.map((path) => JSON.stringify(path)).join(', ');
  const more = pathCount > paths.length ? ` and ${pathCount - paths.length} more` : '';
  return `${about}: ${named}${more}: ${message}`;
}

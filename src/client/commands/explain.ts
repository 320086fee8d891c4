import type { HistoryLine } from '../../protocol/history.ts';
import { type Sentence, story } from '../../protocol/story.ts';
import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { type IgnoredBy, ignoredBy } from '../ignored-by.ts';
import { lineTime } from '../line-text.ts';
import { linesAt } from '../lines-at.ts';
import { type Disk, DiskError, type Look, type Path } from '../ports.ts';
import { printable } from '../printable.ts';
import { readFile } from '../read-file.ts';
import { Refused } from '../refused.ts';
import { type Held, STANDINGS, type Standing, standingOf } from '../standing-of.ts';
import { stateHome } from '../state-home.ts';
import { explainClient } from './explain-client.ts';
import { noPast } from './history.ts';
import { ownPatterns } from './open-directory.ts';
import { openFolder, pathsMeant } from './open-folder.ts';
import { askServer } from './server-refusal.ts';

export interface ExplainOptions {
  readonly path: string;
  readonly config: string;
  readonly json: boolean;
}

/** What is told of a path. */
interface Explained {
  readonly path: string;
  /** Oldest first. */
  readonly story: readonly Sentence[];
  /** The pattern that keeps it from being synchronized, and where it stands. */
  readonly ignored: { readonly pattern: string; readonly where: string } | undefined;
  /** Undefined: it cannot be told, or it is ignored. */
  readonly standing: Standing | undefined;
  /** About how things are now. */
  readonly now: readonly string[];
}

/** Tells why a path is as it is, in sentences; of a server that is away, what can be told without it. */
export async function explain(
  implementations: Implementations,
  { path, config, json }: ExplainOptions,
): Promise<number> {
  const located = readConfig(config);
  const disk = await implementations.openDisk({ root: located.directory, now: Date.now });
  const { folder } = await openFolder(implementations, located);
  const there = await orRefusal(() =>
    askServer(located, () => pastAt({ folder, disk, located }, path)),
  );
  const meant = there instanceof Refused ? await meantHere(disk, located, path) : there.path;
  const past = there instanceof Refused ? undefined : there;
  const explained = await explainPath(implementations, { located, disk, path: meant, past });
  const isKnown = explained.story.length + explained.now.length > 0;
  if (!isKnown && !(there instanceof Refused)) throw noPast(path, located);
  process.stdout.write(json ? `${JSON.stringify(shown(explained), null, 2)}\n` : textOf(explained));
  if (!(there instanceof Refused)) return 0;
  process.stderr.write(`error: What happened before cannot be told. ${there.message}\n`);
  return 1;
}

interface Past {
  readonly path: string;
  /** Newest first. */
  readonly lines: readonly HistoryLine[];
  /** The newest line of what is there now. */
  readonly living: HistoryLine | undefined;
}

/** More than a person reads. */
const LINES = 1000;

interface Sources {
  readonly folder: FolderApi;
  readonly disk: Disk;
  readonly located: Located;
}

async function pastAt({ folder, disk, located }: Sources, path: string): Promise<Past> {
  for (const one of pathsMeant(located, path)) {
    const lines = await linesAt(folder, one, LINES);
    if (lines.length === 0) continue;
    const node = await folder.nodeAt(one);
    return { path: one, lines, living: lines.find((line) => line.node === node) };
  }
  return { path: await meantHere(disk, located, path), lines: [], living: undefined };
}

async function orRefusal<T>(ask: () => Promise<T>): Promise<T | Refused> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refused && error.exitCode === 1) return error;
    throw error;
  }
}

/** Of several readings of a path the first one at which something is. */
async function meantHere(disk: Disk, located: Located, path: string): Promise<string> {
  const meant = pathsMeant(located, path);
  for (const one of meant) if ((await lookAt(disk, one.split('/'))) !== undefined) return one;
  return meant[0] ?? path;
}

interface Explaining {
  readonly located: Located;
  readonly disk: Disk;
  readonly path: string;
  readonly past: Past | undefined;
}

async function explainPath(
  implementations: Implementations,
  { located, disk, path, past }: Explaining,
): Promise<Explained> {
  const names = path.split('/');
  const look = await lookAt(disk, names);
  const isDirectory = look?.kind === 'directory' || past?.living?.kind === 'directory';
  const ignored = await ruleFor(located, disk, { path: names, isDirectory });
  const home = stateHome(located.directory);
  const client = await explainClient(implementations, home, {
    path: names,
    node: past?.living?.node ?? past?.lines[0]?.node,
  });
  const here = look && (await heldBy(disk, names, look));
  const isTold = past !== undefined && ignored === undefined && here !== 'unreadable';
  const standing = isTold
    ? standingOf({ here, there: heldIn(past.living), agreed: client.agreed })
    : undefined;
  const isNothing = look === undefined && past?.lines.length === 0 && ignored === undefined;
  const now = isNothing
    ? []
    : [
        ...(ignored === undefined ? [] : [ignoredText(names, ignored)]),
        ...(here === 'unreadable' ? ['What is on this disk cannot be read just now.'] : []),
        ...(standing === undefined ? [] : [STANDINGS[standing]]),
        ...client.sentences,
      ];
  return { path, story: story(past?.lines ?? []), ignored, standing, now };
}

/** What cannot be looked at counts as not there; the client has a problem for it. */
async function lookAt(disk: Disk, path: Path): Promise<Look | undefined> {
  try {
    return await disk.look(path);
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}

async function heldBy(disk: Disk, path: Path, { kind }: Look): Promise<Held | 'unreadable'> {
  if (kind !== 'file') return kind;
  try {
    return (await readFile(disk, path)).manifest.checksum;
  } catch (error) {
    if (error instanceof DiskError) return 'unreadable';
    throw error;
  }
}

/** The history does not say where a link leads. */
const heldIn = (line: HistoryLine | undefined): Held | undefined =>
  line === undefined || line.kind !== 'file' ? line?.kind : line.checksum;

interface Rule {
  readonly pattern: string;
  readonly where: string;
  readonly path: Path;
}

async function ruleFor(
  { config, file }: Located,
  disk: Disk,
  asked: { readonly path: Path; readonly isDirectory: boolean },
): Promise<Rule | undefined> {
  const configured = config.ignore_patterns;
  const lines = [...configured, ...(await ownPatterns(disk))];
  const found = ignoredBy(lines, asked);
  return found && { path: found.path, ...placeOf(found, lines, { configured, file }) };
}

function placeOf(
  { line }: IgnoredBy,
  lines: readonly string[],
  { configured, file }: { readonly configured: readonly string[]; readonly file: string },
): Omit<Rule, 'path'> {
  if (line === undefined) return { pattern: '.syncer', where: 'the client itself' };
  const pattern = (lines[line] ?? '').trimEnd();
  const own = line - configured.length;
  const where = own < 0 ? `ignore_patterns in ${file}` : `line ${own + 1} of .syncignore`;
  return { pattern, where };
}

function ignoredText(path: Path, rule: Rule): string {
  const whole = path.join('/');
  const top = rule.path.join('/');
  const what = top === whole ? 'it' : `${top}, which it is in`;
  return `It is not synchronized: the pattern "${rule.pattern}" (${rule.where}) ignores ${what}.`;
}

function textOf({ path, story, now }: Explained): string {
  const past = story.map((one) => `${lineTime(one)}  ${one.text} (version ${one.cursor})`);
  const lines = [path, ...past, ...now];
  return `${lines.map(printable).join('\n')}\n`;
}

const shown = ({ path, story, ignored, standing, now }: Explained) => ({
  path,
  story,
  ignored: ignored === undefined ? null : { pattern: ignored.pattern, where: ignored.where },
  standing: standing ?? null,
  now,
});

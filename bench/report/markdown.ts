import type { Sizes } from '../arena.ts';
import type { Contender } from '../contenders/contender.ts';
import type { Measurement } from '../measurement.ts';
import { GOALS, type Goal } from './goals.ts';
import { type Summary, summarize } from './summary.ts';
import { bytes, time } from './units.ts';

/** One run, for those who read it. */
export interface Run {
  readonly measurements: readonly Measurement[];
  readonly sizes: Sizes;
  readonly rounds: number;
  /** Those that took part, and their versions. */
  readonly contenders: readonly { readonly name: Contender['name']; readonly version: string }[];
  readonly absent: readonly string[];
  /** How bytes are counted; undefined: they are not. */
  readonly counts: string | undefined;
  readonly command: string;
  /** Of the machine. */
  readonly machine: string;
  readonly date: string;
}

export function markdown(run: Run): string {
  const goals = GOALS.filter(({ line }) => run.measurements.some((each) => each.line === line));
  return `${[
    head(run),
    goalTable(run, goals),
    '## What each line took',
    ...goals.map((goal) => details(run, goal)),
    failures(run),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function head({ date, machine, command, rounds, contenders, absent, counts }: Run): string {
  const versions = contenders.map(({ name, version }) => `${name} (${version})`).join(', ');
  const lines = [
    '# Results',
    `${date}, ${machine}. Command: \`${command}\`. ${rounds === 1 ? 'One round' : `${rounds} rounds, in turns`}: ${versions}.`,
    absent.length === 0
      ? ''
      : `Not installed, so left out: ${absent.join(', ')}. \`bench/set-up.sh\` installs them.`,
    counts === undefined
      ? 'Bytes are not counted: the system gives this user no network namespace.'
      : `Bytes are counted ${counts}.`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

const PEERS = ['rsync', 'Unison', 'Syncthing'] as const;

function goalTable(run: Run, goals: readonly Goal[]): string {
  const rows = goals.map(({ line, title, must, judge, brief }) => {
    const of = (contender: Contender['name']): Summary | undefined =>
      summarize(run.measurements, { line, contender });
    const ours = of('Syncer');
    const { found, isMet } =
      ours && ours.rounds > 0 ? judge(ours, of('rsync')) : { found: '–', isMet: undefined };
    const verdict = isMet === undefined ? '–' : isMet ? 'met' : '**not met**';
    return row([
      title(run.sizes),
      ...PEERS.map((name) => short(of(name), brief)),
      found,
      must,
      verdict,
    ]);
  });
  const titles = [
    '',
    ...PEERS.map((name) => `${name} A→B`),
    'Syncer A → server → B',
    'must be',
    '',
  ];
  return [row(titles), row(titles.map(() => '---')), ...rows].join('\n');
}

const short = (summary: Summary | undefined, brief: Goal['brief']): string => {
  if (summary === undefined) return '–';
  if (summary.rounds === 0) return 'failed';
  return brief === undefined ? time(summary.median) : brief(summary);
};

function details(run: Run, goal: Goal): string {
  const { line, title } = goal;
  const titles = [
    '',
    'median',
    'p99',
    'rounds',
    'to rsync',
    'A sent, got',
    'B got, sent',
    'CPU',
    'memory at most',
  ];
  const rsync = summarize(run.measurements, { line, contender: 'rsync' });
  const rows = run.contenders.flatMap(({ name }) => {
    const summary = summarize(run.measurements, { line, contender: name });
    return summary === undefined ? [] : [detail({ name, summary, rsync, goal })];
  });
  const table = [row(titles), row(titles.map(() => '---')), ...rows].join('\n');
  return `### ${title(run.sizes)}\n\n${table}`;
}

interface Detail {
  readonly name: string;
  readonly summary: Summary;
  readonly rsync: Summary | undefined;
  readonly goal: Goal;
}

function detail({ name, summary, rsync, goal: { brief } }: Detail): string {
  const { spread, cpu, peak, rounds } = summary;
  const ratio = rsync === undefined ? Number.NaN : summary.median / rsync.median;
  return row([
    name,
    brief === undefined || rounds === 0 ? time(summary.median) : brief(summary),
    time(summary.p99),
    Number.isNaN(spread[0])
      ? String(rounds)
      : `${rounds}: ${time(spread[0])} to ${time(spread[1])}`,
    Number.isNaN(ratio) ? '–' : ratio.toFixed(2),
    `${bytes(summary.sent)}, ${bytes(summary.got)}`,
    `${bytes(summary.gotByB)}, ${bytes(summary.sentByB)}`,
    each(cpu, (seconds) => time(seconds * 1000)),
    each(peak, bytes),
  ]);
}

const each = (
  numbers: Readonly<Partial<Record<string, number>>>,
  show: (value: number) => string,
): string =>
  Object.entries(numbers)
    .map(([role, value]) => `${role} ${show(value ?? Number.NaN)}`)
    .join(', ');

function failures({ measurements }: Run): string {
  const failed = measurements.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return '';
  const lines = failed.map(
    ({ contender, line, round, failure }) =>
      `- ${contender}, ${line}, round ${round + 1}: ${failure?.split('\n')[0]}`,
  );
  return `## What failed\n\n${lines.join('\n')}`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

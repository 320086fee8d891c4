import type { RewindRequest, RewindStep, Rewound } from '../../protocol/rewind.ts';
import { msToTime } from '../../protocol/time.ts';
import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { parseMoment } from '../parse-moment.ts';
import { readingsOf } from '../path-meant.ts';
import { printable } from '../printable.ts';
import { bytesText } from '../quantity.ts';
import { Refused } from '../refused.ts';
import { noPast, pastOf } from './history.ts';
import { openFolderToChange } from './open-folder.ts';
import { askServer } from './server-refusal.ts';
import { shellWord } from './shell-word.ts';

export interface RewindOptions {
  readonly path: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly config: string;
  readonly json: boolean;
}

/** Somebody who may be asked. */
export interface Asking {
  readonly canAsk: boolean;
  /** False also where they turned away. */
  confirm(question: string): Promise<boolean>;
}

const AT_TERMINAL: Asking = {
  get canAsk() {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
  },
  confirm: async (message) => {
    const { confirm, isCancel } = await import('@clack/prompts');
    const answer = await confirm({ message, initialValue: false });
    return !isCancel(answer) && answer;
  },
};

/** Makes a directory, a file or the whole folder what it was, after it has shown what that changes. */
export async function rewind(
  implementations: Implementations,
  options: RewindOptions,
  person: Asking = AT_TERMINAL,
): Promise<number> {
  const { path, to: typed, dryRun, yes, config, json } = options;
  const located = readConfig(config);
  const to = pointOf(typed);
  if (!dryRun && !yes && (json || !person.canAsk)) throw notAsked(path, typed);
  const folder = await openFolderToChange(implementations, located);
  const meant = await askServer(located, () => meantBy(folder, located, path));
  const wish = { ...(meant !== '' && { path: meant }), to };
  const what = meant === '' ? 'the whole folder' : meant;
  const planned = await askServer(located, () => folder.rewind({ ...wish, dry_run: true }));
  const isNothing = countOf(planned) === 0;
  if (dryRun || isNothing) return print(options, { what, rewound: planned, isDone: false });
  if (!yes) {
    process.stdout.write(plannedText(planned, what));
    if (!(await person.confirm('Go back to that?'))) throw new Refused('Nothing was changed.');
  }
  // The cursor, not the time: what was shown is what is gone back to. It cannot tell what the time was in a gap of.
  const done = await askServer(located, () => folder.rewind({ ...wish, to: planned.to }));
  const { rounded = [] } = planned;
  const rewound = rounded.length === 0 ? done : { ...done, rounded };
  return print(options, { what, rewound, isDone: true });
}

/** A cursor is a bare number. */
function pointOf(text: string): RewindRequest['to'] {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  return msToTime(parseMoment(text, { option: '--to', now: Date.now() }));
}

const notAsked = (path: string, to: string): Refused =>
  new Refused(
    'There is no terminal to ask at. Look first (--dry-run), then say --yes, as in: ' +
      `syncer-client rewind ${shellWord(path)} --to ${shellWord(to)} --yes`,
    { exitCode: 2 },
  );

/** '' is the folder itself: `.`, seen from outside of the directory or from its top. */
async function meantBy(folder: FolderApi, located: Located, path: string): Promise<string> {
  const isBare = /^(?:\.\/*)+$/.test(path) || path === located.directory;
  if (isBare && [...readingsOf(located.directory, path)].length === 0) return '';
  const { path: meant, lines } = await pastOf(folder, located, { path, limit: 1 });
  if (lines.length === 0) throw noPast(path, located);
  return meant;
}

const countOf = ({ creates, updates, moves, deletes }: Rewound): number =>
  creates + updates + moves + deletes;

interface Shown {
  readonly what: string;
  readonly rewound: Rewound;
  readonly isDone: boolean;
}

function print({ json, path }: RewindOptions, { what, rewound, isDone }: Shown): number {
  const undo = `syncer-client rewind ${shellWord(path)} --to ${rewound.from}`;
  const isChanged = isDone && rewound.first !== undefined;
  if (json) {
    const shown = { ...rewound, dry_run: !isDone, undo: isChanged ? undo : null };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  } else if (countOf(rewound) === 0) {
    const said = `Nothing is to be done: ${what} is as it was at version ${rewound.to}.`;
    process.stdout.write(
      `${[said, ...problemLines(rewound), ...roundedLines(rewound)].map(printable).join('\n')}\n`,
    );
  } else if (isChanged) {
    process.stdout.write(doneText(rewound, what, undo));
  } else {
    process.stdout.write(`${plannedText(rewound, what)}Nothing was changed.\n`);
  }
  return 0;
}

/** Of a long list, so many are shown. */
const FIRST = 20;

function plannedText(planned: Rewound, what: string): string {
  const { steps, to } = planned;
  const more = countOf(planned) - Math.min(steps.length, FIRST);
  const lines = [
    `If ${what} goes back to version ${to}: ${countsText(planned)}.`,
    ...steps.slice(0, FIRST).map(stepText),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
    ...problemLines(planned),
    ...roundedLines(planned),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** What cannot go back, because the server has its content no more. */
const problemLines = ({ problems = [] }: Rewound): string[] =>
  problems.map(({ path, reason }) => `  stays as it is: ${path}: ${reason}`);

/** What does not get exactly what it held then, because the server keeps fewer versions of so long ago. */
const roundedLines = ({ rounded = [] }: Rewound): string[] => [
  ...rounded
    .slice(0, FIRST)
    .map(({ path, version }) => `  not exactly: ${path}: of then, version ${version} is kept`),
  ...(rounded.length > FIRST ? [`  and ${rounded.length - FIRST} more not exactly`] : []),
];

function doneText(done: Rewound, what: string, undo: string): string {
  const lines = [
    `${what} is what it was at version ${done.to}: ${countsText(done)}.`,
    ...problemLines(done),
    ...roundedLines(done),
    'It comes to every client. Nothing is lost: what was there before stays in the history.',
    `To take that back: ${undo}`,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

const countsText = ({ creates, updates, moves, deletes }: Rewound): string =>
  [
    [creates, 'created'] as const,
    [updates, 'edited'] as const,
    [moves, 'moved'] as const,
    [deletes, 'deleted'] as const,
  ]
    .filter(([count]) => count > 0)
    .map(([count, deed]) => `${count.toLocaleString('en')} ${deed}`)
    .join(', ');

function stepText({ operation, path, old_path: from, content, replaced }: RewindStep): string {
  const size = content === undefined ? '' : `  ${bytesText(content.size)}`;
  const instead = replaced === undefined ? '' : ` instead of ${bytesText(replaced.size)}`;
  if (operation === 'move') return `  move    ${from ?? ''} → ${path}`;
  return `  ${WORDS[operation].padEnd(6)}  ${path}${operation === 'delete' ? '' : size + instead}`;
}

const WORDS = { create: 'create', update: 'edit', delete: 'delete' } as const;

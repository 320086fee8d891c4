import type { Located } from '../config.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedStep } from '../plan/planned-step.ts';
import { printable } from '../printable.ts';
import { bytesText, countText } from '../quantity.ts';
import { holdText } from '../show-hold.ts';

/** The plan for a person: what would happen where, and why. */
export async function planText(plan: Plan, { directory, server }: Located): Promise<string> {
  const { here, server: there, waiting, holds, problems, notes } = plan;
  const sections = [
    listOf('', notes),
    await tableOf(`Here, in ${directory}`, here),
    await tableOf(`On the server at ${server}`, there),
    listOf('Held, until you have said what you want (syncer-client held)', holds.map(holdText)),
    listOf('Left for later', waiting),
    listOf(
      'Problems',
      problems.map(({ path, message }) => `${path}: ${message}`),
    ),
  ].filter((section) => section !== '');
  const isIdle = here.length + there.length === 0;
  const end = isIdle
    ? 'Nothing would be done.'
    : 'Nothing was done: this is what a round would do.';
  return `${[...sections, end].join('\n\n')}\n`;
}

/** Of a long list, so many are shown; `--json` has all. */
const SHOWN = 200;

async function tableOf(title: string, steps: readonly PlannedStep[]): Promise<string> {
  if (steps.length === 0) return '';
  const { bareTable } = await import('./bare-table.ts');
  const rows = steps
    .slice(0, SHOWN)
    .map((step) => [
      wordOf(step),
      step.size > 0 ? bytesText(step.size) : '',
      printable(step.oldPath === undefined ? step.path : `${step.oldPath} → ${step.path}`),
      printable(step.reason),
    ]);
  const more = steps.length - rows.length;
  const bytes = steps.reduce((sum, { size }) => sum + size, 0);
  const head = `${printable(title)}: ${countText(steps.length, 'step')}, ${bytesText(bytes)}`;
  const rest = more > 0 ? [`and ${more.toLocaleString('en')} more (--json lists all)`] : [];
  return [head, bareTable(['what', 'size', 'path', 'why'], rows), ...rest].join('\n');
}

/** An edit replaces what is there. */
const wordOf = ({ operation, size }: PlannedStep): string =>
  operation === 'update' ? (size > 0 ? 'replace' : 'touch') : operation;

function listOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, SHOWN).map(printable);
  const more = lines.length - shown.length;
  const rest = more > 0 ? [`and ${more.toLocaleString('en')} more (--json lists all)`] : [];
  if (title === '') return [...shown, ...rest].join('\n');
  return [`${title}:`, ...[...shown, ...rest].map((line) => `  ${line}`)].join('\n');
}

export const jsonOf = ({ here, server, waiting, holds, problems, notes }: Plan) => ({
  here: here.map(shown),
  server: server.map(shown),
  held: holds,
  ...{ waiting, problems, notes },
});

const shown = ({ operation, kind, path, oldPath, size, reason }: PlannedStep) => ({
  ...{ operation, kind, path, old_path: oldPath ?? null, size, reason },
});

import { PER_DIRECTORY } from '../make-files.ts';
import type { Options } from '../options.ts';
import { machine } from './machine.ts';
import { writePart } from './results-file.ts';

/** As typed. */
export const commandOf = ({ args }: Pick<Options, 'args'>): string =>
  ['npm run bench', '--', ...args].join(' ');

interface Part {
  readonly title: string;
  /** What the columns do not say. */
  readonly about: string;
}

const PARTS = {
  micro: {
    title: 'The parts by themselves',
    about: 'In one process, with nothing else to do.',
  },
  scaling: {
    title: 'From 1,000 files to 1,000,000',
    about: `Small files, of which half have up to 64 bytes; ${PER_DIRECTORY} in a directory. We alone, one round. A has them all before it starts; B is there.`,
  },
} satisfies Record<string, Part>;

/** A part of the results by itself: printed, and written where results are asked for. */
export function tellPart(
  name: keyof typeof PARTS,
  options: Pick<Options, 'args' | 'out'>,
  table: string,
): void {
  const { title, about } = PARTS[name];
  const today = new Date().toISOString().slice(0, 10);
  const how = `${today}, ${machine()}. Command: \`${commandOf(options)}\`. ${about}`;
  const section = `## ${title}\n\n${how}\n\n${table}`;
  console.log(`\n${section}`);
  if (options.out !== undefined) writePart(options.out, name, section);
}

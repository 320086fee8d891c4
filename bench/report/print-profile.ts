import type { Measurement } from '../measurement.ts';
import { sharesOf } from '../profile.ts';
import type { Program } from '../system/program.ts';

export interface Profiled {
  /** Where the profiles are. */
  readonly directory: string;
  readonly programs: readonly Program[];
  /** How many functions are told of. */
  readonly top: number;
}

/** For each process that did something while this was measured: its functions, the costliest first. */
export function printProfile(
  { line, ms, window, cpu }: Measurement,
  { directory, programs, top }: Profiled,
): string {
  const wall = (window[1] - window[0]) / 1e6;
  const head = `== ${line}: ${wall.toFixed(0)} ms${ms.length > 1 ? ` for ${ms.length}` : ''}`;
  const parts = programs.flatMap(({ role, pid }) => {
    const shares = sharesOf(directory, { pid, window });
    if (shares.length === 0) return [];
    const rows = shares
      .slice(0, top)
      .map(
        ({ name, self, total }) =>
          `${self.toFixed(0).padStart(7)} ${total.toFixed(0).padStart(7)}  ${name}`,
      );
    return [
      `-- ${role}, ${(cpu[role] ?? 0).toFixed(2)} s of CPU; ms in itself, with what it called`,
      ...rows,
    ];
  });
  return [head, ...parts].join('\n');
}

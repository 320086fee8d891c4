import { Refused } from '../refused.ts';

/** A whole number from 1 on, as an option gives it. Throws Refused, which names the option. */
export function countOf(text: string, option: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Refused(`${option} is ${text}: it must be a whole number, 1 or more.`, { exitCode: 2 });
}

/** A version, as `history` shows it. Throws Refused, which names the option. */
export function versionOf(text: string, option: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Refused(
    `${option} is ${text}: it must be a version, as syncer-client history PATH shows them.`,
    { exitCode: 2 },
  );
}

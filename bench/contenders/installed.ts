import { execFileSync } from 'node:child_process';

/** What a program says of its version, as far as `pattern` finds it; undefined when it is not installed. */
export function versionOf(
  command: string,
  args: readonly string[],
  pattern: RegExp,
): string | undefined {
  try {
    return pattern.exec(execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' }))?.[1];
  } catch {
    return undefined;
  }
}

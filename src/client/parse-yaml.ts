import { LineCounter, parseDocument } from 'yaml';
import { Refused } from './refused.ts';

/**
 * The values in a YAML text; an empty one is null. Throws Refused, with the line. What stands there is
 * not repeated: it may be a key that nobody else should see.
 */
export function parseYaml(file: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const reason = error.message.replace(/:? ".*$/s, '').replace(/\.$/, '');
    throw new Refused(`${file} is not YAML, line ${line}, column ${col}: ${reason}.`);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new Refused(`${file} is not a configuration: it repeats itself too often.`, { cause });
  }
}

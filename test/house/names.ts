import type { Source } from './source.ts';

const SOURCE = /^(?:src|test|bench|bin|examples)\//;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;

/** Names that say nothing: whatever has no better name ends up there. */
const EMPTY =
  /^(?:common|shared|misc|models?)$|^(?:.*-)?(?:utils?|utility|utilities|helpers?|managers?)$/;

/** Written so for the programs and the people that read them. */
const GIVEN =
  /^(?:Dockerfile|Caddyfile|README\.md|RESULTS\.md|[\w.-]+@?\.(?:service|plist|timer|conf))$/;

export function badNames({ path }: Source): string[] {
  if (!SOURCE.test(path)) return [];
  return path.split('/').flatMap((name) => {
    if (GIVEN.test(name)) return [];
    if (!KEBAB.test(name))
      return [`${path}: ${name} is not in kebab-case, which is the same on every disk.`];
    const empty = name.split('.').find((part) => EMPTY.test(part));
    if (empty === undefined) return [];
    return [
      `${path}: "${empty}" says nothing. Name the one thing that it does (verb) or holds (noun).`,
    ];
  });
}

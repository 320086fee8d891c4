import { countOf } from './format.ts';

/** `all for 1 hour, one a minute for 1 day, …`: which versions of a file the server keeps, from its tiers. */
export function retentionText(tiers: readonly string[] | null): string {
  if (tiers === null) return 'all';
  return tiers
    .map((tier) => {
      const [span = '', age = ''] = tier.split(' ');
      const until = countOf(Number.parseInt(age, 10), age.endsWith('h') ? 'hour' : 'day');
      if (span === 'all') return `all for ${until}`;
      return `one ${span === 'hour' ? 'an' : 'a'} ${span} for ${until}`;
    })
    .concat('then the last')
    .join(', ');
}

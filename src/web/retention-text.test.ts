import { expect, it } from 'vitest';
import { retentionText } from './retention-text.ts';

it('says which versions are kept, in words', () => {
  expect(retentionText(null)).toBe('all');
  expect(retentionText(['all 1d'])).toBe('all for 1 day, then the last');
  expect(retentionText(['all 1h', 'minute 1d', 'hour 7d', 'week 365d'])).toBe(
    'all for 1 hour, one a minute for 1 day, one an hour for 7 days, one a week for 365 days, then the last',
  );
});

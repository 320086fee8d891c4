import { describe, expect, it } from 'vitest';
import { fromStrings } from './from-strings.ts';
import { parse } from './parse.ts';
import { ChangesQuery } from './remote-change.ts';
import { ServerConfig } from './server-config.ts';

describe('fromStrings', () => {
  it('reads numbers where numbers belong', () => {
    expect(fromStrings(ChangesQuery, { since: '12', limit: '5' })).toEqual({ since: 12, limit: 5 });
    expect(parse(ChangesQuery, fromStrings(ChangesQuery, { until: undefined }))).toEqual({});
  });

  it.each(['1e3', '0x10', '-0', ' 7', '7 ', '', '1.5', '00', 'NaN', '99999999999999999', '-1'])(
    '[F22] does not take "%s" for a cursor',
    (since) => {
      expect(() => parse(ChangesQuery, fromStrings(ChangesQuery, { since }))).toThrow('since');
    },
  );

  it('leaves a repeated or unknown key for parse to refuse', () => {
    expect(() => parse(ChangesQuery, fromStrings(ChangesQuery, { since: ['1', '2'] }))).toThrow();
    expect(() => parse(ChangesQuery, fromStrings(ChangesQuery, { other: '1' }))).toThrow('other');
  });

  it('reads lists, null and texts of a configuration', () => {
    const given = {
      port: '0',
      heartbeat_interval: '0.5',
      allowed_extensions: '.txt, .md',
      log_file: 'null',
    };
    expect(fromStrings(ServerConfig, { ...given, host: '127.0.0.1', api_keys: '' })).toEqual({
      port: 0,
      heartbeat_interval: 0.5,
      allowed_extensions: ['.txt', '.md'],
      log_file: null,
      host: '127.0.0.1',
      api_keys: [],
    });
    expect(fromStrings(ServerConfig, { history_retention_days: 'null' })).toEqual({
      history_retention_days: null,
    });
  });
});

import { type DestinationStream, pino } from 'pino';
import { withoutSecrets } from './log-secrets.ts';

type Say = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** The running log. Keys and `Authorization` never reach it, wherever in the fields they are. */
export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}

/** Takes one line of JSON, with its line feed. Must not throw: nobody would hear of it. */
export type LogSink = (line: string) => void;

export interface LogOptions {
  /** Whether `debug` is told too. */
  readonly isVerbose?: boolean;
  readonly sinks: readonly LogSink[];
}

/** Without sinks it says nothing. */
export function createLog({ isVerbose = false, sinks }: LogOptions): Log {
  const level = sinks.length === 0 ? 'silent' : isVerbose ? 'debug' : 'info';
  const write = (line: string): void => {
    const safe = escapeUnseen(line);
    for (const sink of sinks) sink(safe);
  };
  const destination: DestinationStream = { write };
  const formatters = { log: withoutSecrets, level: (label: string) => ({ level: label }) };
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters };
  return pino(options, destination);
}

/**
 * JSON escapes the lower control characters only. The higher ones speak to terminals too, and those
 * that turn the direction of writing deceive a reader (F28).
 */
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const escapeUnseen = (line: string): string =>
  line.replace(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

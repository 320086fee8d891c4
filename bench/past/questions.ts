import type { Listing } from '../../src/protocol/listing.ts';
import type { Rewound } from '../../src/protocol/rewind.ts';
import type { Stats } from '../../src/protocol/stats.ts';
import { count } from '../report/units.ts';
import type { Asked } from './ask.ts';
import { LARGE } from './choose-changes.ts';
import { HTTP } from './http.ts';

const CLIENT = 'bench';
const NOW = (): string => new Date().toISOString();
const LAST_YEAR = (): string => new Date(Date.now() - 366 * 86_400_000).toISOString();

/** What a person's browser asks, in the order of the table. */
export async function questions(url: string): Promise<Asked[]> {
  const http = new HTTP(url);
  await http.post('/register', { client_id: CLIENT, name: 'Bench', sync_root: 'bench' });
  const { cursor } = await http.get<Stats>('/v1/stats');
  return [
    { what: 'first page: index, bundle, first listing', run: () => firstPage(http) },
    ...lists(http),
    ...[...new Set([1_000, 10_000, 100_000, cursor])]
      .filter((span) => span <= cursor)
      .map((span) => preview(http, { span, cursor })),
    ...[10_000, 100_000]
      .filter((span) => span <= cursor)
      .map((span) => wholePreview(http, { span, cursor })),
  ];
}

/** As a browser that was never here loads it, but one after the other. */
async function firstPage(http: HTTP): Promise<string> {
  const page = await http.text('/');
  const parts = [...page.matchAll(/(?:src|href)="\.?(\/assets\/[^"]+)"/g)].flatMap(
    (found) => found[1] ?? [],
  );
  for (const part of parts) await http.text(part);
  const { children } = await http.get<Listing>('/v1/listing?limit=1000');
  return `${parts.length} parts, ${count(children.length)} entries`;
}

function lists(http: HTTP): Asked[] {
  const get = (what: string, path: string): Asked => ({
    what,
    run: async () => {
      const lists = Object.values(await http.get<object>(path)).filter((part) =>
        Array.isArray(part),
      );
      return `${count(lists[0]?.length ?? 0)} lines`;
    },
  });
  const activity = `since=${LAST_YEAR()}&until=${NOW()}`;
  return [
    get('large directory, first 1,000', `/v1/listing?path=${LARGE}&limit=1000`),
    { what: 'large directory, all pages', run: () => allOf(http, LARGE) },
    get('search of a word that many have', '/v1/search?text=invoice&limit=1000'),
    get('search of a word that few have', '/v1/search?text=file-7777&limit=1000'),
    get('search of a word that none has', '/v1/search?text=zebra&limit=1000'),
    get('search of what is not ASCII', '/v1/search?text=%C3%A9t%C3%A9&limit=1000'),
    get('history of the folder, newest 100', '/v1/history?limit=100'),
    get('history of a large directory', `/v1/history?path=${LARGE}&limit=100`),
    get('history of one file', `/v1/history?path=${LARGE}/report-file-0.txt&limit=100`),
    get('history of one client, later page', '/v1/history?client_id=ben&before=5000&limit=100'),
    get('activity of a year, 80 steps', `/v1/activity?${activity}&steps=80`),
    get('activity of a year, 400 steps', `/v1/activity?${activity}&steps=400`),
    get('conflicts, as every page asks', '/v1/conflicts'),
    get('clients', '/v1/clients'),
    {
      what: 'figures of the storage page',
      run: () => http.text('/v1/stats').then(() => undefined),
    },
    get('trash, newest 100', '/v1/trash?limit=100'),
    get('trash below a directory', `/v1/trash?path=${LARGE}&limit=100`),
    get('trash, where nothing is', '/v1/trash?path=nowhere&limit=100'),
  ];
}

async function allOf(http: HTTP, path: string): Promise<string> {
  let found = 0;
  for (let after: string | null = ''; after !== null; ) {
    const query: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const page: Listing = await http.get(`/v1/listing?path=${path}&limit=1000${query}`);
    found += page.children.length;
    after = page.next;
  }
  return `${count(found)} entries`;
}

interface Span {
  /** Changes that would be taken back. */
  readonly span: number;
  readonly cursor: number;
}

const partOf = (http: HTTP, { span, cursor }: Span, after: number): Promise<Rewound> =>
  http.post('/v1/rewind', { client_id: CLIENT, to: cursor - span, dry_run: true, after });

const stepsIn = ({ creates, updates, moves, deletes }: Rewound): number =>
  creates + updates + moves + deletes;

const preview = (http: HTTP, span: Span): Asked => ({
  what: `rewind preview, last ${count(span.span)} changes, what is told first`,
  run: async () => {
    const part = await partOf(http, span, 0);
    return `${part.next === undefined ? '' : 'at least '}${count(stepsIn(part))} steps`;
  },
});

const wholePreview = (http: HTTP, span: Span): Asked => ({
  what: `rewind preview, last ${count(span.span)} changes, all counted`,
  run: async () => {
    let [steps, parts] = [0, 0];
    for (let after: number | undefined = 0; after !== undefined; parts += 1) {
      const part: Rewound = await partOf(http, span, after);
      steps += stepsIn(part);
      after = part.next;
    }
    return `${count(steps)} steps in ${parts} ${parts === 1 ? 'part' : 'parts'}`;
  },
});

/** It changes the folder, so it comes last, and is done once. */
export async function rewinding(url: string, span: number): Promise<Asked> {
  const http = new HTTP(url);
  const { cursor } = await http.get<Stats>('/v1/stats');
  let to = cursor - span;
  return {
    what: `rewinding the last ${count(span)} changes, and taking it back`,
    run: async () => {
      const done = await http.post<Rewound>('/v1/rewind', { client_id: CLIENT, to });
      to = done.from;
      return `${count(stepsIn(done))} steps in one commit`;
    },
  };
}

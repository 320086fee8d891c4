import { KnownClients, Lag, LagQuery } from './client-info.ts';
import { Accepted, CommitRequest, NotCommitted } from './commit.ts';
import { ConflictCopies, Contested, ContestedQuery } from './conflict.ts';
import { Audit, AuditQuery, History, HistoryQuery } from './history.ts';
import { Checksums, Hashes, Manifests, Missing, Stored } from './manifest.ts';
import { ChangesPage, ChangesQuery } from './remote-change.ts';
import { json, other, type Route } from './route.ts';
import { Stats } from './stats.ts';
import { Wanted, WantedQuery } from './wanted.ts';
import { Introduction, Welcome } from './welcome.ts';

const FRAMES = 'application/octet-stream';

/** Any client may send it to the routes below `/v1`: the audit log then knows who asked. */
export const CLIENT_HEADER = 'x-client-id';

/** What the engine speaks. Bodies and queries with fields that are not listed are refused. */
export const ENGINE_ROUTES = {
  introduce: {
    method: 'POST',
    path: '/v1/clients',
    summary: 'Says who a client is and how far it has come.',
    body: json(Introduction, 'The client.'),
    answers: { 200: json(Welcome, 'The server’s history and its limits.') },
    needsKey: true,
    failures: ['unsupported_version', 'cloned'],
  },
  changes: {
    method: 'GET',
    path: '/v1/changes',
    summary: 'Answers the last state of every node that changed after `since`, in pages.',
    query: ChangesQuery,
    answers: { 200: json(ChangesPage, 'One page.') },
    needsKey: true,
    failures: [],
  },
  missingChunks: {
    method: 'POST',
    path: '/v1/chunks/missing',
    summary: 'Answers which of these chunks the server lacks.',
    body: json(Hashes, 'The chunks asked about.'),
    answers: { 200: json(Missing, 'Those that are missing.') },
    needsKey: true,
    failures: ['request_too_large'],
  },
  wantedChunks: {
    method: 'GET',
    path: '/v1/chunks/wanted',
    summary: 'Answers chunks that rotted on the server: whoever has their contents sends them.',
    query: WantedQuery,
    answers: { 200: json(Wanted, 'One page of them, the newest first.') },
    needsKey: true,
    failures: [],
  },
  storeChunks: {
    method: 'POST',
    path: '/v1/chunks',
    summary: 'Stores chunks for a commit to use; they are kept for a day.',
    body: other(FRAMES, 'Frames, at most 16 MiB together.'),
    answers: { 200: json(Stored, 'They are stored.') },
    needsKey: true,
    failures: ['request_too_large', 'unsupported_media_type', 'checksum_mismatch', 'disk_full'],
  },
  fetchChunks: {
    method: 'POST',
    path: '/v1/chunks/fetch',
    summary: 'Answers chunks, in any order.',
    body: json(Hashes, 'The chunks; a client asks for at most 16 MiB at a time.'),
    answers: { 200: other(FRAMES, 'Frames. Chunks that the server lacks are not among them.') },
    needsKey: true,
    failures: ['request_too_large'],
  },
  fetchManifests: {
    method: 'POST',
    path: '/v1/manifests/fetch',
    summary: 'Answers which chunks contents are made of.',
    body: json(Checksums, 'The contents.'),
    answers: { 200: json(Manifests, 'Their manifests, where the server has them.') },
    needsKey: true,
    failures: ['request_too_large'],
  },
  commit: {
    method: 'POST',
    path: '/v1/commits',
    summary: 'Stores changes together, or none of them.',
    body: json(CommitRequest, 'The changes, and what of their contents the server may lack.'),
    answers: {
      200: json(Accepted, 'They are stored, and durable.'),
      409: json(NotCommitted, 'Nothing is stored: some are refused, or chunks are missing.'),
    },
    needsKey: true,
    failures: [
      'not_registered',
      'wrong_epoch',
      'request_too_large',
      'checksum_mismatch',
      'disk_full',
    ],
  },
  history: {
    method: 'GET',
    path: '/v1/history',
    summary: 'Answers who did what and when, newest first.',
    query: HistoryQuery,
    answers: { 200: json(History, 'The lines asked for.') },
    needsKey: true,
    failures: [],
  },
  contested: {
    method: 'GET',
    path: '/v1/contested',
    summary: 'Answers the files that several clients changed within the last hour.',
    query: ContestedQuery,
    answers: { 200: json(Contested, 'Possible conflicts, newest first.') },
    needsKey: true,
    failures: [],
  },
  clients: {
    method: 'GET',
    path: '/v1/clients',
    summary: 'Answers the clients that the server knows.',
    answers: { 200: json(KnownClients, 'All of them.') },
    needsKey: true,
    failures: [],
  },
  lag: {
    method: 'GET',
    path: '/v1/lag',
    summary:
      'Answers which clients have not applied everything up to a cursor; those that are connected are asked to say so at once.',
    query: LagQuery,
    answers: { 200: json(Lag, 'Those that lack most.') },
    needsKey: true,
    failures: [],
  },
  conflicts: {
    method: 'GET',
    path: '/v1/conflicts',
    summary: 'Answers the conflict copies that nobody has settled yet.',
    answers: { 200: json(ConflictCopies, 'All of them.') },
    needsKey: true,
    failures: [],
  },
  audit: {
    method: 'GET',
    path: '/v1/audit',
    summary: 'Answers connections, requests and operations with their clients, newest first.',
    query: AuditQuery,
    answers: { 200: json(Audit, 'The lines asked for.') },
    needsKey: true,
    failures: [],
  },
  stats: {
    method: 'GET',
    path: '/v1/stats',
    summary: 'Answers the server in numbers.',
    answers: { 200: json(Stats, 'The numbers.') },
    needsKey: true,
    failures: [],
  },
} as const satisfies Record<string, Route>;

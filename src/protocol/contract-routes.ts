import Type from 'typebox';
import { ClientInfo } from './client-info.ts';
import {
  DeleteQuery,
  Done,
  Health,
  PathParams,
  Uploaded,
  UploadFields,
} from './contract-answer.ts';
import { json, other, type Route } from './route.ts';
import { ClientId } from './scalar.ts';
import { SyncRequest, SyncResponse } from './sync.ts';

const FILE = 'application/octet-stream';

/** What the contract asks for. */
export const CONTRACT_ROUTES = {
  health: {
    method: 'GET',
    path: '/health',
    summary: 'Says that the server is there.',
    answers: { 200: json(Health, 'It is.') },
    needsKey: false,
    failures: [],
  },
  register: {
    method: 'POST',
    path: '/register',
    summary: 'Makes a client known; the others are told client_joined.',
    body: json(ClientInfo, 'The client.'),
    answers: { 200: json(Done, 'It is known now.') },
    needsKey: true,
    failures: ['request_too_large'],
  },
  sync: {
    method: 'POST',
    path: '/sync',
    summary: 'Compares what a client has with what the server has.',
    body: json(SyncRequest, 'What the client has.'),
    answers: { 200: json(SyncResponse, 'What to send, what to fetch, and what conflicts.') },
    needsKey: true,
    failures: ['request_too_large', 'bad_name'],
  },
  upload: {
    method: 'POST',
    path: '/upload',
    summary: 'Stores a file.',
    body: {
      type: 'multipart/form-data',
      schema: Type.Object({
        ...UploadFields.properties,
        file: Type.String({
          format: 'binary',
          description: 'The bytes, compressed as `compression_type` says.',
        }),
      }),
      meaning: 'The file and where it belongs.',
    },
    answers: { 200: json(Uploaded, 'The file as it is stored.') },
    needsKey: true,
    failures: [
      'bad_name',
      'not_registered',
      'conflict',
      'file_too_large',
      'extension_not_allowed',
      'checksum_mismatch',
      'disk_full',
    ],
  },
  download: {
    method: 'GET',
    path: '/download/{path}',
    summary: 'Answers a file’s bytes, or the part that Range asks for.',
    params: PathParams,
    answers: {
      200: other(FILE, 'The file. ETag is its SHA-256.'),
      206: other(FILE, 'The part.'),
      304: other('', 'If-None-Match named the file’s SHA-256: it is unchanged.'),
    },
    needsKey: true,
    failures: ['bad_name', 'not_found', 'range_not_satisfiable'],
  },
  deleteFile: {
    method: 'DELETE',
    path: '/files/{path}',
    summary: 'Deletes a file or directory; what is not there is deleted already.',
    params: PathParams,
    query: DeleteQuery,
    answers: { 200: json(Done, 'It is gone.') },
    needsKey: true,
    failures: ['bad_name', 'not_registered', 'conflict'],
  },
  connect: {
    method: 'GET',
    path: '/ws/{client_id}',
    summary: 'Opens a WebSocket. The key may also come in client_connect.',
    params: Type.Object({ client_id: ClientId }),
    answers: { 101: other('', 'The WebSocket is open; the first message up is client_connect.') },
    needsKey: true,
    failures: [],
  },
} as const satisfies Record<string, Route>;

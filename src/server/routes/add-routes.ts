import type { FastifyInstance } from 'fastify';
import type { AppParts } from '../app.ts';
import { addChanges } from './changes.ts';
import { addChunks } from './chunks.ts';
import { addClients } from './clients.ts';
import { addCommits } from './commits.ts';
import { addConflicts } from './conflicts.ts';
import { addDeletion } from './deletion.ts';
import { addDocs } from './docs.ts';
import { addDownload } from './download.ts';
import { addHealth } from './health.ts';
import { addHistory } from './history.ts';
import { addPast } from './past.ts';
import { addStats } from './stats.ts';
import { addSync } from './sync.ts';
import { addUpload } from './upload.ts';

/** Every route of the protocol's table, one family after another. */
export async function addRoutes(app: FastifyInstance, parts: AppParts): Promise<void> {
  addHealth(app, parts);
  addClients(app, parts);
  addSync(app, parts);
  await addUpload(app, parts);
  addDownload(app, parts);
  addDeletion(app, parts);
  addChanges(app, parts);
  await addChunks(app, parts);
  addCommits(app, parts);
  addHistory(app, parts);
  addConflicts(app, parts);
  addPast(app, parts);
  addStats(app, parts);
  addDocs(app, parts);
}

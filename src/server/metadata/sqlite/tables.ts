import type { Database } from 'better-sqlite3';
import { ActivityTable } from './activity.ts';
import { AuditTable } from './audit.ts';
import { BrowsingTable } from './browsing.ts';
import { ChunkTable } from './chunks.ts';
import { ClientTable } from './clients.ts';
import { ContentSearch } from './content-search.ts';
import { FolderTable } from './folders.ts';
import { HistoryTable } from './history.ts';
import { NodeTable } from './nodes.ts';
import { PastSearch } from './past-search.ts';
import { QuarantineTable } from './quarantine.ts';
import { SweepingTables } from './sweeping.ts';
import { VersionsTable } from './versions.ts';

/** Every table, with its statements prepared, as one connection sees it. */
export interface Tables {
  readonly folders: FolderTable;
  readonly nodes: NodeTable;
  readonly history: HistoryTable;
  readonly past: PastSearch;
  readonly versions: VersionsTable;
  readonly chunks: ChunkTable;
  readonly quarantine: QuarantineTable;
  readonly sweeping: SweepingTables;
  readonly contents: ContentSearch;
  readonly browsing: BrowsingTable;
  readonly activity: ActivityTable;
  readonly clients: ClientTable;
  readonly audit: AuditTable;
}

export const tablesOf = (database: Database): Tables => ({
  folders: new FolderTable(database),
  nodes: new NodeTable(database),
  history: new HistoryTable(database),
  past: new PastSearch(database),
  versions: new VersionsTable(database),
  chunks: new ChunkTable(database),
  quarantine: new QuarantineTable(database),
  sweeping: new SweepingTables(database),
  contents: new ContentSearch(database),
  browsing: new BrowsingTable(database),
  activity: new ActivityTable(database),
  clients: new ClientTable(database),
  audit: new AuditTable(database),
});

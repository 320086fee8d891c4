import type { Dropped } from '../read-dropped.ts';
import { Uploads } from '../uploads.ts';
import { makeDirectory } from './actions.ts';
import { queries } from './client.ts';
import { refreshAll } from './follow-changes.ts';

/** The uploads of this page. */
export const uploads = new Uploads(() => void refreshAll(queries));

export async function uploadDropped({ files, emptyDirectories }: Dropped): Promise<void> {
  uploads.add(files);
  for (const path of emptyDirectories) await makeDirectory(path);
}

import type { KeyboardEvent } from 'react';
import type { Listed } from '../../../protocol/listing.ts';
import { deleteNodes } from '../../api/actions.ts';
import { parentOf } from '../../folder-path.ts';
import { go } from '../../place.ts';
import { chooseAll, step, toggle } from '../../selection.ts';
import { attempt } from '../toaster.tsx';
import type { FileListProps } from './file-list.tsx';

interface List extends FileListProps {
  /** Rows in sight. */
  readonly page: number;
}

/** What a key does in the list. */
export function takeKey(event: KeyboardEvent, list: List): void {
  const isOwn = event.target === event.currentTarget;
  const action = isOwn ? actionOf(event, list) : undefined;
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function actionOf(event: KeyboardEvent, list: List): (() => void) | undefined {
  const { ids, selection, setSelection, rows, path } = list;
  const here = rows[selection.at];
  const by = steps(event.key, list);
  if (by !== undefined) {
    return () => setSelection(step(selection, ids, { by, extends: event.shiftKey }));
  }
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
    return () => setSelection(chooseAll(selection, ids));
  }
  switch (event.key) {
    case 'Enter':
      return here && (() => list.show(here));
    case ' ':
      return () => setSelection(toggle(selection, ids, selection.at));
    case 'Backspace':
      return path === '' ? undefined : () => go('files', parentOf(path));
    case 'Delete':
      return () => deleteMeant(list, here);
    case 'F2':
      return here && (() => list.ask({ what: 'rename', listed: here }));
    case 'Escape':
      return list.onEscape;
    default:
      return undefined;
  }
}

function steps(key: string, { page, rows }: List): number | undefined {
  const all: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -rows.length,
    End: rows.length,
  };
  return all[key];
}

/** Those that are chosen; where none is, the one that one stands at. */
function deleteMeant({ rows, selection }: List, here: Listed | undefined): void {
  const chosen = rows.filter(({ node }) => selection.chosen.has(node));
  const meant = chosen.length > 0 || here === undefined ? chosen : [here];
  if (meant.length > 0) attempt('It could not be deleted', () => deleteNodes(meant));
}

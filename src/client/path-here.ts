import type { NodeId } from '../core/entry.ts';
import { pathOf } from '../core/tree.ts';
import type { Session } from './session.ts';

/** How a person knows a node: by its path here, or on the server; with `/`. */
export const pathHere = ({ state }: Session, node: NodeId): string =>
  (pathOf(state.local, node) ?? pathOf(state.remote, node) ?? [node]).join('/');

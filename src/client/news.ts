import type { Problem } from './problem.ts';
import type { Happening, Progress } from './session.ts';
import type { ShownHold } from './show-hold.ts';

/** What a running client has to tell: to its terminal, and to its log. */
export type News =
  | { readonly type: 'changed'; readonly happening: Happening }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'connected' }
  /** It keeps trying. */
  | { readonly type: 'offline'; readonly reason: string }
  /** Nothing is done until a person has acted. */
  | { readonly type: 'halted'; readonly reason: string }
  | { readonly type: 'in_sync'; readonly files: number; readonly bytes: number }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** A person is asked. */
  | { readonly type: 'held'; readonly hold: ShownHold }
  | { readonly type: 'released'; readonly hold: ShownHold }
  | { readonly type: 'solved'; readonly problem: Problem }
  | { readonly type: 'said'; readonly level: 'info' | 'warning' | 'error'; readonly text: string }
  /** Of how the engine works; shown when asked for. */
  | { readonly type: 'detail'; readonly text: string };

export type Tell = (news: News) => void;

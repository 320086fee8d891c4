import { type ComponentType, lazy } from 'react';
import type { IconName } from '../parts/icon.tsx';
import { FilesPage } from './files-page.tsx';

export interface PageEntry {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  readonly Page: ComponentType;
}

export const FIRST_PAGE: PageEntry = {
  id: 'files',
  title: 'Files',
  icon: 'files',
  Page: FilesPage,
};

/** All of them, in the order of the navigation. What is not seen at once is loaded when it is. */
export const PAGES: readonly PageEntry[] = [
  FIRST_PAGE,
  {
    id: 'activity',
    title: 'Activity',
    icon: 'activity',
    Page: lazy(() => import('./activity-page.tsx')),
  },
  { id: 'trash', title: 'Trash', icon: 'trash', Page: lazy(() => import('./trash-page.tsx')) },
  { id: 'rewind', title: 'Rewind', icon: 'rewind', Page: lazy(() => import('./rewind-page.tsx')) },
  {
    id: 'conflicts',
    title: 'Conflicts',
    icon: 'conflicts',
    Page: lazy(() => import('./conflicts-page.tsx')),
  },
  {
    id: 'clients',
    title: 'Clients',
    icon: 'clients',
    Page: lazy(() => import('./clients-page.tsx')),
  },
  {
    id: 'storage',
    title: 'Storage',
    icon: 'storage',
    Page: lazy(() => import('./storage-page.tsx')),
  },
  {
    id: 'settings',
    title: 'Settings',
    icon: 'settings',
    Page: lazy(() => import('./settings-page.tsx')),
  },
];

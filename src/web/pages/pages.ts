import type { ComponentType } from 'react';
import type { IconName } from '../parts/icon.tsx';
import { FilesPage } from './files-page.tsx';
import { SettingsPage } from './settings-page.tsx';

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
  { id: 'settings', title: 'Settings', icon: 'settings', Page: SettingsPage },
];

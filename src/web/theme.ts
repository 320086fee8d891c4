import { Observable } from './observable.ts';

const KEY = 'syncer.theme';
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const kept = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';

export const theme = new Observable<Theme>(kept());

/** `system`: as the device has it. */
export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  theme.set(chosen);
  showTheme();
}

export function showTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

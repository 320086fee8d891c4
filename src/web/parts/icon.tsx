/** Drawn with strokes, within 24 by 24. */
const PATHS = {
  files: 'M4 5.5h5l2 2.5h9v10.5H4z',
  activity: 'M3 12h4l3-7 4 14 3-7h4',
  trash: 'M4 7h16M9 7V4.5h6V7M6 7l1 13h10l1-13M10 11v5.5M14 11v5.5',
  rewind: 'M4 4v5h5M4.5 9a8.5 8.5 0 1 1-1 4M12 8v4.5l3 2',
  conflicts: 'M7 4v10a4 4 0 0 0 4 4h6M14 15l3 3-3 3M7 8h6a4 4 0 0 0 4-4V3',
  clients: 'M3 5h13v10H3zM7 19h5M9.5 15v4M18.5 9H21v10h-5v-1',
  storage:
    'M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  directory: 'M3.5 6h5.5l2 2.5h9.5V19h-17z',
  file: 'M6 3h8l4.5 4.5V21H6zM14 3v5h4.5',
  text: 'M6 3h8l4.5 4.5V21H6zM14 3v5h4.5M9 12.5h6.5M9 16.5h6.5',
  image: 'M4 5h16v14H4zM4 16l5-5 4.5 4.5 2.5-2.5 4 4M15 9.5h.01',
  media: 'M4 5h16v14H4zM10 9v6l5-3z',
  audio:
    'M9 18V5.5l10-2V16M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  archive: 'M4 4h16v5H4zM5.5 9v11h13V9M10 13h4',
  symlink: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  close: 'M6 6l12 12M18 6L6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  search: 'M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L20 20',
  upload: 'M12 16V4M7 9l5-5 5 5M4 19.5h16',
  download: 'M12 4v12M7 11l5 5 5-5M4 20h16',
  'new-directory': 'M3.5 6h5.5l2 2.5h9.5V19h-17zM12 11v5M9.5 13.5h5',
  rename: 'M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4',
  restore: 'M4 5v5h5M4.5 10A8 8 0 1 1 4 13.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  right: 'M9 5l7 7-7 7',
  left: 'M15 5l-7 7 7 7',
  history: 'M12 21a9 9 0 1 0-9-9M3 7v5h5M12 7.5V12l3.5 2',
  move: 'M4 12h16M14 6l6 6-6 6',
  compare: 'M4 4h6.5v16H4zM13.5 4H20v16h-6.5z',
  sun: 'M12 16a4 4 0 1 1 0-8 4 4 0 0 1 0 8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M18.4 5.6l-1.1 1.1M6.7 17.3l-1.1 1.1',
  warning: 'M12 4L2.5 20h19zM12 10v5M12 17.5h.01',
  key: 'M14 10a4 4 0 1 1-4-4 4 4 0 0 1 4 4zM12.8 12.8L20 20M17 17l2-2',
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself to those who don't see it: what it stands for is written beside it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" data-icon={name}>
    <path d={PATHS[name]} />
  </svg>
);

import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { copiesIn, settled } from './two-clients.ts';
import { arrives, read, type World, write } from './world.ts';

// A folder as people have it: what the pages are looked at with.

const MINUTES = `# Minutes of 12 November

Present: Anna, Ben, Cleo

## The garden

- The new fence is ordered, it comes in **week 48**.
- Ben asks the neighbours about the old pear tree.
- We plant the bulbs before the frost.

## The money

| what | euros |
|---|---|
| fence | 1,240 |
| bulbs | 85 |

Next time: 10 December, at Cleo’s.
`;

const FILES: readonly (readonly [path: string, content: string, daysAgo: number])[] = [
  ['Garden/minutes.md', MINUTES, 9],
  ['Garden/budget.csv', 'what,euros\nfence,1240\nbulbs,85\n', 12],
  ['Garden/plant list.txt', 'Tulips, 80\nCrocuses, 120\nSnowdrops, 60\n', 20],
  ['Garden/fence offer.pdf', '%PDF-1.4 offer '.repeat(9_000), 16],
  ['Garden/Photos/pear tree.txt', 'Taken in May.', 200],
  ['Garden/Photos/gate.txt', 'Taken in June.', 170],
  ['Garden/Letters/to the neighbours.txt', 'Dear neighbours,\nabout the pear tree …\n', 4],
  ['Garden/Letters/to the town.txt', 'Dear Sir or Madam,\nwe ask for leave to …\n', 30],
  ['Recipes/pumpkin soup.md', '# Pumpkin soup\n\nFor four.\n', 31],
  ['Recipes/bread.md', '# Bread\n\nFlour, water, salt, time.\n', 64],
  ['Travel/Lisbon/tickets.txt', 'Two, on the 3rd of March.\n', 2],
  ['Travel/packing list.txt', 'Passports\nCharger\nRain coats\n', 3],
  ['house rules.txt', 'The last one puts out the light.\n', 400],
];

const LETTER = {
  first: 'Dear all,\n\nwe meet on Monday at seven.\nPlease bring chairs.\n\nAnna\n',
  second: 'Dear all,\n\nwe meet on Tuesday at eight.\nPlease bring chairs and cups.\n\nAnna\n',
  annas: 'Dear all,\n\nwe meet on Tuesday at eight.\nPlease bring nothing.\n\nAnna\n',
  bens: 'Dear all,\n\nwe meet on Tuesday at eight.\nPlease bring chairs and cake.\n\nAnna and Ben\n',
};

export interface ShownFolder {
  /** Of the last change before things went wrong. */
  readonly good: number;
}

/** Fills the folder: files of many ages, three versions of a letter, deletions, a conflict. */
export async function fillFolder(world: World): Promise<ShownFolder> {
  const [anna, ben] = [
    await world.bench.client('Anna', world.server),
    await world.bench.client('Ben', world.server),
  ];
  const [annas, bens] = [anna.start(), ben.start()];
  await Promise.all([annas.says(/in sync/), bens.says(/in sync/)]);
  for (const [path, content] of FILES) write(anna, path, content);
  for (const [path, , daysAgo] of FILES) {
    const time = new Date(Date.now() - daysAgo * 86_400_000);
    utimesSync(join(anna.directory, path), time, time);
  }
  write(anna, 'Garden/invitation.txt', LETTER.first);
  await settled([anna, ben]);
  write(ben, 'Garden/invitation.txt', LETTER.second);
  await settled([anna, ben]);
  const { cursor: good } = (await (await fetch(`${world.server.url}/v1/stats`)).json()) as {
    cursor: number;
  };
  await goWrong(anna, ben);
  await annas.stop();
  await bens.stop();
  await disagree(anna, ben);
  return { good };
}

async function goWrong(anna: ClientHome, ben: ClientHome): Promise<void> {
  rmSync(join(ben.directory, 'Garden/Letters'), { recursive: true });
  rmSync(join(ben.directory, 'Travel/packing list.txt'));
  write(ben, 'Garden/budget.csv', 'what,euros\nfence,#REF!\nbulbs,#REF!\n');
  await arrives([anna], 'Garden/Letters/to the town.txt', undefined);
  await settled([anna, ben]);
}

/** Anna’s becomes the copy: Ben’s is the later one. */
async function disagree(anna: ClientHome, ben: ClientHome): Promise<void> {
  write(anna, 'Garden/invitation.txt', LETTER.annas);
  const written = Date.now();
  await until(() => Date.now() > written + 1_000);
  write(ben, 'Garden/invitation.txt', LETTER.bens);
  await anna.start().says(/in sync/);
  ben.start();
  await until(() => [anna, ben].every((client) => copiesIn(client, 'Garden').length === 1));
  await settled([anna, ben]);
  await until(async () => (await read(anna, 'Garden/invitation.txt')) === LETTER.bens);
}

import purify, { type Config } from 'dompurify';
import { marked } from 'marked';
import { useEffect, useRef } from 'react';
import { downloadAddress } from '../../api/address.ts';
import { parentOf, resolveIn } from '../../folder-path.ts';
import { linkTo } from '../../place.ts';

/** Of a user's text nothing may act: no scripts, no forms, no styles, nothing loaded from elsewhere. */
const SAFE = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'video', 'audio'],
  FORBID_ATTR: ['style', 'class', 'id', 'name', 'srcset'],
} satisfies Config;

/** A Markdown text as it is meant to look. `directory`: where it lies; its links and pictures lead on from there. */
const Markdown = ({ text, directory }: { text: string; directory: string }) => {
  const place = useRef<HTMLDivElement>(null);
  // As nodes: written out and read again, harmless ones might become others.
  useEffect(() => place.current?.replaceChildren(render(text, directory)), [text, directory]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys.
    <div className="preview markdown" tabIndex={0} ref={place} />
  );
};

function render(text: string, directory: string): DocumentFragment {
  const html = marked.parse(text, { async: false });
  const place = purify.sanitize(html, { ...SAFE, RETURN_DOM_FRAGMENT: true });
  for (const picture of place.querySelectorAll('img')) {
    const path = resolveIn(directory, picture.getAttribute('src') ?? '#');
    if (path === undefined) picture.replaceWith(picture.alt);
    else picture.src = downloadAddress(path);
  }
  for (const link of place.querySelectorAll('a')) {
    const path = resolveIn(directory, link.getAttribute('href') ?? '#');
    if (path !== undefined) link.href = linkTo('files', parentOf(path), { open: path });
    else {
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
    }
  }
  return place;
}

export default Markdown;

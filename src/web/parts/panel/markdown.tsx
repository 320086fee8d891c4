import purify from 'dompurify';
import { marked } from 'marked';
import { useMemo } from 'react';

/** Of a user's text nothing may act: no scripts, no forms, no styles, nothing loaded from elsewhere. */
const SAFE = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'textarea',
    'select',
    'iframe',
    'video',
    'audio',
  ],
  FORBID_ATTR: ['style', 'class', 'id', 'name', 'srcset'],
};

/** A Markdown text as it is meant to look. */
const Markdown = ({ text }: { text: string }) => {
  const html = useMemo(() => purify.sanitize(marked.parse(text, { async: false }), SAFE), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys.
    // biome-ignore lint/security/noDangerouslySetInnerHtml: the line above has taken out all that could act.
    <div className="preview markdown" tabIndex={0} dangerouslySetInnerHTML={{ __html: html }} />
  );
};

export default Markdown;

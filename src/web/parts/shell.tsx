import { Suspense, useEffect, useRef } from 'react';
import { useChanges } from '../api/use-changes.ts';
import { FIRST_PAGE, PAGES } from '../pages/pages.ts';
import { usePlace } from '../place.ts';
import { Busy } from './busy.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { HoldsBanner } from './holds/holds-banner.tsx';
import { Navigation } from './navigation.tsx';

/** Everything around the page that is shown. */
export const Shell = () => {
  useChanges();
  const place = usePlace();
  const page = PAGES.find(({ id }) => id === place.page) ?? FIRST_PAGE;
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(page.id);

  // Who hears the page is told where they are now; at the first sight the browser says it.
  useEffect(() => {
    document.title = `${page.title} · Syncer`;
    if (shown.current !== page.id) title.current?.focus();
    shown.current = page.id;
  }, [page]);

  const { Page } = page;
  return (
    <div className="shell">
      <button type="button" className="skip-link" onClick={skipToMain}>
        Skip to the content
      </button>
      <Navigation current={page.id} />
      <main id="main" tabIndex={-1} data-page={page.id}>
        <h1 ref={title} tabIndex={-1} className="page-title">
          {page.title}
        </h1>
        <HoldsBanner current={page.id} />
        <ErrorBoundary key={page.id}>
          <Suspense fallback={<Busy />}>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </main>
      <div id="announcements" className="hidden" role="status" aria-live="polite" />
    </div>
  );
};

const skipToMain = (): void => document.getElementById('main')?.focus();

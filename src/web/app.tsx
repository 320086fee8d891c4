import { QueryClientProvider } from '@tanstack/react-query';
import { queries } from './api/client.ts';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Gate } from './parts/gate.tsx';
import { Shell } from './parts/shell.tsx';
import { Toaster } from './parts/toaster.tsx';

export const App = () => (
  <ErrorBoundary>
    <QueryClientProvider client={queries}>
      <Gate>
        <Shell />
      </Gate>
      <Toaster />
    </QueryClientProvider>
  </ErrorBoundary>
);

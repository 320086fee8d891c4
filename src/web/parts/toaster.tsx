import { Toast } from '@base-ui/react/toast';
import { ApiError } from '../api/api-error.ts';
import { Icon } from './icon.tsx';

const toasts = Toast.createToastManager();

/** Says in passing that something is done, perhaps with a way back. */
export function tell(title: string, undo?: () => void): void {
  const id = toasts.add({
    title,
    timeout: undo === undefined ? 4_000 : 10_000,
    ...(undo && {
      actionProps: {
        children: 'Undo',
        onClick: () => {
          toasts.close(id);
          undo();
        },
      },
    }),
  });
}

/** Says what did not work, in a sentence: the server's own, where it has one. */
export function tellError(what: string, error: unknown): void {
  const description =
    error instanceof ApiError || error instanceof Error ? error.message : `${error}`;
  toasts.add({ title: what, description, type: 'error', priority: 'high', timeout: 10_000 });
}

/** Does it, and tells when that fails. */
export const attempt = (what: string, action: () => Promise<unknown>): void => {
  action().catch((error: unknown) => tellError(what, error));
};

export const Toaster = () => (
  <Toast.Provider toastManager={toasts} limit={4}>
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        <Toasts />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);

const Toasts = () =>
  Toast.useToastManager().toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" data-kind={toast.type}>
      <Toast.Content className="toast-content">
        <div className="toast-text">
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-description" />
        </div>
        {toast.actionProps && <Toast.Action className="button small" />}
        <Toast.Close className="icon-button small" aria-label="Close">
          <Icon name="close" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));

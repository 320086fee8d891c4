/** So that the app opens without the network too. Browsers allow it over HTTPS and on the machine itself only. */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('./service-worker.js').catch(() => {
      // Everything works without it, but for a start without the network.
    });
  });
}

import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
  it('count connections, messages, errors and transfers', async () => {
    const metrics = createMetrics();
    metrics.connected();
    metrics.connected();
    metrics.disconnected();
    metrics.message('up', 'heartbeat');
    metrics.error('not_found');
    metrics.transferred('down', 1_000);
    metrics.transferred('down', 24);
    const text = await metrics.text();
    expect(text).toContain('syncer_connections 1\n');
    expect(text).toContain('syncer_connections_total 2\n');
    expect(text).toContain('syncer_messages_total{direction="up",type="heartbeat"} 1\n');
    expect(text).toContain('syncer_errors_total{code="not_found"} 1\n');
    expect(text).toContain('syncer_transferred_bytes_total{direction="down"} 1024\n');
  });

  it('time requests by their route, not by their path', async () => {
    const metrics = createMetrics();
    metrics.request({ method: 'GET', route: '/download/*', status: 200, seconds: 0.02 });
    metrics.request({ method: 'GET', route: undefined, status: 404, seconds: 0 });
    const text = await metrics.text();
    const count = 'syncer_request_seconds_count{method="GET",route=';
    expect(text).toContain(`${count}"/download/*",status="200"} 1\n`);
    expect(text).toContain(`${count}"none",status="404"} 1\n`);
  });

  it('are of one server, and of the process where that is asked', async () => {
    const [one, other] = [createMetrics(), createMetrics({ ofProcess: true })];
    one.connected();
    expect(await other.text()).toContain('syncer_connections 0\n');
    expect(await other.text()).toContain('syncer_process_cpu_user_seconds_total');
    expect(await one.text()).not.toContain('process_cpu');
  });

  it('of the process tell something from the first answer on', async () => {
    const text = await createMetrics({ ofProcess: true }).text();
    expect(text).toContain('syncer_nodejs_eventloop_lag_min_seconds 0.0');
    expect(text).not.toContain('Nan');
  });
});

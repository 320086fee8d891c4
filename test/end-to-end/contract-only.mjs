// A client that knows only the contract: plain Node, none of our modules. It registers two clients,
// connects both, and walks through what the contract promises; it prints `done` when all held.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

const [, , base] = process.argv;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const json = async (path, options = {}) => {
  const response = await fetch(base + path, options);
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const post = (path, body) =>
  json(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const connect = async (client_id, name) => {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/${client_id}`);
  const messages = [];
  const waiting = new Set();
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(data));
    for (const look of waiting) look();
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const send = (type, data) =>
    socket.send(JSON.stringify({ type, data, client_id, timestamp: new Date().toISOString() }));
  const next = (type) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type} for ${name}`)), 10_000);
      const look = () => {
        const at = messages.findIndex((message) => message.type === type);
        if (at < 0) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(messages.splice(at, 1)[0]);
      };
      waiting.add(look);
      look();
    });
  return { socket, send, next, messages };
};

const info = (client_id, name) => ({
  client_id,
  name,
  sync_root: `/home/${name}`,
  last_seen: new Date().toISOString(),
  is_online: true,
});

const health = await json('/health');
assert.equal(health.status, 200);
assert.equal(health.body.status, 'healthy');
assert.ok(health.body.timestamp);

assert.equal((await post('/register', info('plain-1', 'anna'))).body.success, true);
assert.equal((await post('/register', info('plain-2', 'ben'))).body.success, true);

const anna = await connect('plain-1', 'anna');
anna.send('client_connect', {
  client_id: 'plain-1',
  client_name: 'anna',
  sync_root: '/home/anna',
  api_key: null,
});
const welcome = await anna.next('client_connect');
assert.equal(welcome.data.success, true);
assert.ok(welcome.data.server_time);

const ben = await connect('plain-2', 'ben');
ben.send('client_connect', { client_id: 'plain-2', client_name: 'ben', sync_root: '/home/ben' });
await ben.next('client_connect');
assert.equal((await anna.next('client_joined')).data.name, 'ben');

ben.send('heartbeat', { client_id: 'plain-2', timestamp: new Date().toISOString() });
await ben.next('heartbeat');
ben.socket.send('this is not JSON');
assert.ok((await ben.next('error')).data.error_code);

const text = 'What a plain client wrote.\n'.repeat(100);
const form = new FormData();
form.set('file', new Blob([text]), 'report.txt');
form.set('relative_path', 'docs/report.txt');
form.set('client_id', 'plain-1');
const uploaded = await json('/upload', { method: 'POST', body: form });
assert.equal(uploaded.status, 200);
assert.equal(uploaded.body.success, true);

const told = await ben.next('file_changed');
assert.deepEqual(told.data.file_path.split('/').at(0), 'docs');
const updated = await ben.next('file_updated');
assert.ok(['create', 'update'].includes(updated.data.operation));
assert.ok(!anna.messages.some(({ type }) => type === 'file_changed'), 'no change comes back');

const analysis = await post('/sync', {
  client_id: 'plain-2',
  sync_root: '/home/ben',
  files: [
    {
      path: 'only-here.txt',
      size: 1,
      checksum: sha256('x'),
      modified_time: new Date().toISOString(),
      is_directory: false,
    },
  ],
});
assert.equal(analysis.body.success, true);
const paths = analysis.body.files_to_sync.map(({ path }) => path);
assert.ok(paths.includes('docs/report.txt') && paths.includes('only-here.txt'));
assert.deepEqual(analysis.body.conflicts, []);

const whole = await fetch(`${base}/download/docs/report.txt`);
assert.equal(whole.status, 200);
assert.equal(await whole.text(), text);
assert.match(whole.headers.get('etag') ?? '', new RegExp(sha256(text)));
assert.equal(whole.headers.get('accept-ranges'), 'bytes');
const part = await fetch(`${base}/download/docs/report.txt`, { headers: { range: 'bytes=5-9' } });
assert.equal(part.status, 206);
assert.equal(await part.text(), text.slice(5, 10));
const beyond = await fetch(`${base}/download/docs/report.txt`, {
  headers: { range: 'bytes=999999-' },
});
assert.equal(beyond.status, 416);

ben.send('file_changed', {
  operation: 'move',
  file_path: 'docs/final.txt',
  old_path: 'docs/report.txt',
  client_id: 'plain-2',
});
let moved = await anna.next('file_changed');
while (moved.data.operation !== 'move') moved = await anna.next('file_changed');
assert.equal(moved.data.file_path, 'docs/final.txt');
assert.equal(moved.data.old_path, 'docs/report.txt');

const gone = await json('/files/docs/final.txt?client_id=plain-2', { method: 'DELETE' });
assert.equal(gone.body.success, true);
assert.equal((await anna.next('file_deleted')).data.file_path, 'docs/final.txt');
const again = await json('/files/docs/final.txt?client_id=plain-2', { method: 'DELETE' });
assert.equal(again.body.success, true, 'deleting what is not there succeeds');
assert.equal((await fetch(`${base}/download/docs/final.txt`)).status, 404);

ben.socket.close(1000);
assert.equal((await anna.next('client_left')).data.name, 'ben');
anna.socket.close(1000);
console.log('done');

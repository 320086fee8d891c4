import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, longText, pair } from '../../test/engine/rig.ts';
import type { OfferStep } from './offer-step.ts';
import { scan } from './scan.ts';
import { upload } from './upload.ts';

let anna: Client;
beforeEach(async () => {
  const { rig, anna: client } = pair();
  anna = client;
  await rig.settle();
});

/** Files as they would be offered for the first time. */
async function written(files: Readonly<Record<string, string>>): Promise<OfferStep[]> {
  for (const [name, text] of Object.entries(files)) anna.user.write(name, text);
  await scan(anna.session, 'everything');
  return Object.keys(files).map((name) => stepOf(name));
}

function stepOf(name: string, before?: OfferStep['before']): OfferStep {
  const { local } = anna.session.state;
  const node = local.find('root', name) ?? '';
  return { node, before, after: local.get(node) };
}

const sizes = (chunks: readonly { readonly size: number }[]): number =>
  chunks.reduce((sum, { size }) => sum + size, 0);

describe('upload', () => {
  it('little enough goes along with the commit, and nothing is asked', async () => {
    const steps = await written({ a: 'x'.repeat(30_000), b: 'y'.repeat(30_000), c: '' });
    const asked = anna.wire.calls.length;
    const { chunks, manifests } = await upload(anna.session, steps, []);
    expect(sizes(chunks)).toBe(60_000);
    expect(manifests).toEqual([]);
    expect(anna.wire.calls).toHaveLength(asked);
  });

  it('what two files share goes once', async () => {
    const steps = await written({ a: 'x'.repeat(40_000), b: 'x'.repeat(40_000) });
    expect((await upload(anna.session, steps, [])).chunks).toHaveLength(1);
  });

  it('more is sent before, only what the server lacks', async () => {
    const steps = await written({ a: longText(1, 40_000), b: longText(2, 40_000) });
    const [first] = steps;
    if (first?.after?.kind !== 'file') throw new Error('It is a file.');
    const { checksum: hash, size } = first.after;
    await anna.session.api.sendChunks([{ hash, size, bytes: Buffer.from(longText(1, 40_000)) }]);
    const before = anna.wire.sent.length;
    const { chunks } = await upload(anna.session, steps, []);
    expect(chunks).toEqual([]);
    expect(anna.wire.sent.slice(before)).toHaveLength(1);
    await upload(anna.session, steps, []);
    expect(anna.wire.sent.slice(before)).toHaveLength(1);
    await upload(anna.session, steps, [hash]);
    expect(anna.wire.sent.slice(before + 1)).toEqual([hash]);
  });

  it('a file of several chunks brings its manifest, also when that was forgotten', async () => {
    const steps = await written({ large: longText(3, 300_000) });
    const { manifests } = await upload(anna.session, steps, []);
    expect(manifests).toHaveLength(1);
    expect(manifests[0]?.chunks.length).toBeGreaterThan(1);
    Object.assign(anna.session.state, { manifest: () => undefined });
    expect((await upload(anna.session, steps, [])).manifests).toEqual(manifests);
  });

  it('what the version before has is not asked about, unless the server insists', async () => {
    const steps = await written({ large: longText(5, 3_000_000) });
    const { manifests } = await upload(anna.session, steps, []);
    const before = steps[0]?.after;
    if (before?.kind !== 'file') throw new Error('It is a file.');
    anna.user.append('large', 'more');
    await scan(anna.session, 'everything');
    const edited = stepOf('large', {
      ...before,
      placeVersion: 1,
      contentVersion: 1,
      author: 'anna',
    });
    const [asked, sent] = [anna.wire.count('missing'), anna.wire.sent.length];
    const { chunks } = await upload(anna.session, [edited], []);
    expect([anna.wire.count('missing') - asked, anna.wire.sent.length - sent]).toEqual([0, 0]);
    expect(chunks).toHaveLength(1);
    const first = manifests[0]?.chunks[0]?.hash ?? '';
    const again = await upload(anna.session, [edited], [first]);
    expect(again.chunks.map(({ hash }) => hash)).toContain(first);
  });

  it('what only moved, was touched, deleted or is no file brings nothing', async () => {
    anna.user.makeDirectory('d');
    anna.user.symlink('link', 'a');
    const [step] = await written({ a: 'x'.repeat(100_000) });
    if (step?.after === undefined) throw new Error('It is there.');
    const versions = { placeVersion: 1, contentVersion: 1, author: 'anna' };
    const moved = { ...step, before: { ...step.after, ...versions, name: 'b' } };
    const gone = { ...moved, after: undefined };
    const steps = [moved, gone, stepOf('d'), stepOf('link')];
    expect(await upload(anna.session, steps, [])).toEqual({ manifests: [], bases: [], chunks: [] });
    expect(anna.wire.count('missing')).toBe(0);
  });

  it.each([30_000, 300_000])(
    '[C01] a file of %i bytes that was written to since is not sent',
    async (size) => {
      const steps = await written({ f: longText(5, size) });
      anna.user.write('f', longText(6, size));
      await expect(upload(anna.session, steps, [])).rejects.toMatchObject({ problem: 'changed' });
      Object.assign(anna.session.state, { manifest: () => undefined });
      await expect(upload(anna.session, steps, [])).rejects.toMatchObject({ problem: 'changed' });
      anna.user.remove('f');
      await expect(upload(anna.session, steps, [])).rejects.toMatchObject({ problem: 'absent' });
      expect(anna.wire.sent).toEqual([]);
    },
  );
});

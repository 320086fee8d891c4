import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { FRAME_HEADER, type Frame, FrameDecoder, frameHeader } from './frame.ts';
import { MAX_CHUNK } from './limits.ts';

const frame: fc.Arbitrary<Frame> = fc
  .tuple(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.nat(1000),
    fc.boolean(),
  )
  .map(([hash, bytes, more, raw]) => ({
    hash: Buffer.from(hash).toString('hex'),
    size: bytes.length + (raw ? 0 : more),
    encoding: raw ? 'raw' : 'zstd',
    bytes,
  }));

const written = (frames: readonly Frame[]): Uint8Array =>
  Buffer.concat(frames.flatMap((one) => [frameHeader(one), one.bytes]));

/** Cuts the bytes at these places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  return at.slice(1).map((to, index) => bytes.slice(at[index], to));
}

function read(parts: readonly Uint8Array[]): Frame[] {
  const decoder = new FrameDecoder();
  const frames = parts.flatMap((part) => decoder.push(part));
  decoder.finish();
  return frames.map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) }));
}

const one: Frame = {
  hash: 'ab'.repeat(32),
  size: 3,
  encoding: 'raw',
  bytes: Uint8Array.of(1, 2, 3),
};

/** The frame's header with one byte changed. */
function spoilt(at: number, byte: number): Uint8Array {
  const header = frameHeader(one);
  header[at] = byte;
  return header;
}

describe('frames', () => {
  it('come back as they went, wherever the stream was cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), cuts, (frames, at) => {
        expect(read(pieces(written(frames), at))).toEqual(frames);
      }),
    );
  });

  it('come back byte by byte', () => {
    const bytes = written([one, one]);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([one, one]);
  });

  it('are laid out as the protocol says', () => {
    const header = Buffer.from(frameHeader({ ...one, size: 258, encoding: 'zstd' }));
    expect(header.toString('hex')).toBe(`${'ab'.repeat(32)}000001020000000301`);
    expect(header).toHaveLength(FRAME_HEADER);
  });

  it('that lie whole in one piece share its memory', () => {
    const bytes = new Uint8Array(written([one]));
    expect(new FrameDecoder().push(bytes)[0]?.bytes.buffer).toBe(bytes.buffer);
  });

  it('may be as large as a chunk', () => {
    const bytes = new Uint8Array(MAX_CHUNK).fill(7);
    const large: Frame = { ...one, size: MAX_CHUNK, bytes };
    const decoder = new FrameDecoder();
    const stream = written([large]);
    const frames: Frame[] = [];
    for (let at = 0; at < stream.length; at += 65_536) {
      frames.push(...decoder.push(stream.subarray(at, at + 65_536)));
    }
    expect(frames).toHaveLength(1);
    expect(Buffer.compare(frames[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0);
  });
});

describe('nonsense in frames', () => {
  it.each([
    ['an unknown encoding', spoilt(40, 2)],
    ['a size above 16 MiB', spoilt(32, 1)],
    ['a length above the size', spoilt(39, 4)],
    ['a length below the size of a raw chunk', spoilt(39, 2)],
    ['no bytes', spoilt(39, 0)],
    ['a web page', new TextEncoder().encode(`<!doctype html>${' '.repeat(50)}`)],
  ])('%s is refused, and all that follows', (_, bytes) => {
    const decoder = new FrameDecoder();
    expect(() => decoder.push(bytes)).toThrow(Failure);
    expect(() => decoder.push(written([one]))).toThrow(Failure);
    expect(() => decoder.finish()).toThrow(Failure);
  });

  it('any bytes at all are frames or a failure, and never more than came', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (parts) => {
        try {
          const length = read(parts).reduce(
            (sum, { bytes }) => sum + bytes.length + FRAME_HEADER,
            0,
          );
          expect(length).toBe(parts.reduce((sum, part) => sum + part.length, 0));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });

  it('an end in the middle is noticed', () => {
    const bytes = written([one]);
    for (let length = 1; length < bytes.length; length += 1) {
      expect(() => read([bytes.subarray(0, length)]), `${length}`).toThrow('middle');
    }
  });

  it('what nobody would decode is not written either', () => {
    expect(() => frameHeader({ ...one, hash: 'ab' })).toThrow(Failure);
    expect(() => frameHeader({ ...one, size: 4 })).toThrow(Failure);
    expect(() => frameHeader({ ...one, encoding: 'zstd', size: 2 })).toThrow(Failure);
    expect(() => frameHeader({ ...one, size: 0, bytes: new Uint8Array() })).toThrow(Failure);
  });
});

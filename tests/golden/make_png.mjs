// PNGs by the chunk, right and wrong ones.
import { deflateSync } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc = (bytes) => (bytes.reduce((c, v) => table[(c ^ v) & 255] ^ (c >>> 8), 0xFFFFFFFF) ^ 0xFFFFFFFF) >>> 0;

export const u32 = (...values) => Buffer.concat(values.map((v) => { const b = Buffer.alloc(4); b.writeUInt32BE(v >>> 0); return b; }));
export const u16 = (...values) => Buffer.concat(values.map((v) => { const b = Buffer.alloc(2); b.writeUInt16BE(v); return b; }));

export function chunk(type, body = Buffer.alloc(0), wrongChecksum = 0) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(body)]);
  return Buffer.concat([u32(body.length), named, u32(crc(named) ^ wrongChecksum)]);
}

export const signature = Buffer.from('89504e470d0a1a0a', 'hex');
export const header = (width, height, depth, type, interlaced = 0) => chunk('IHDR', [...u32(width, height), depth, type, 0, 0, interlaced]);

// Rows of equal length, each with "no filter" before it.
export function filtered(rows, height) {
  const length = rows.length / height;
  return Buffer.concat(Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), rows.subarray(y * length, (y + 1) * length)])));
}

export const packed = (rows, height, options) => deflateSync(filtered(rows, height), options);

export function png(width, height, depth, type, rows, before = [], behind = []) {
  return Buffer.concat([signature, header(width, height, depth, type), ...before, chunk('IDAT', packed(rows, height)), ...behind, chunk('IEND')]);
}

// Patches of 16 × 16 px side by side; each is the bytes of one pixel.
export function patches(pixels, depth, type, before = [], behind = []) {
  const row = Buffer.concat(pixels.flatMap((pixel) => Array(16).fill(Buffer.from(pixel))));
  return png(16 * pixels.length, 16, depth, type, Buffer.concat(Array(16).fill(row)), before, behind);
}

// EXIF with nothing but an orientation.
export const tiff = (value, type = 3) => Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12', 'latin1'), u16(type), u32(1), type === 3 ? u16(value, 0) : u32(value), u32(0)]);

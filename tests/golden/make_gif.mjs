// GIFs, right and wrong ones.
const u16 = (...values) => Buffer.from(values.flatMap((v) => [v & 255, v >> 8]));

// LZW as GIF has it, with a clear code where the table is full.
export function lzw(indices, bits) {
  const clear = 1 << bits, out = [];
  let held = 0, count = 0, size, next, table;
  const put = (code) => {
    held |= code << count;
    for (count += size; count >= 8; count -= 8, held >>>= 8) out.push(held & 255);
  };
  const reset = () => { table = new Map(); next = clear + 2; size = bits + 1; };
  reset();
  put(clear);
  let prefix = indices[0];
  for (const index of indices.slice(1)) {
    const key = prefix * 4096 + index;
    if (table.has(key)) { prefix = table.get(key); continue; }
    put(prefix);
    if (next === 4096) { put(clear); reset(); } else { table.set(key, next++); if (next > 1 << size && size < 12) size++; }
    prefix = index;
  }
  put(prefix);
  put(clear + 1);
  return Buffer.from(count ? [...out, held & 255] : out);
}

export function blocks(data, size = 255) {
  const out = [];
  for (let i = 0; i < data.length; i += size) out.push(Buffer.from([Math.min(size, data.length - i)]), data.subarray(i, i + size));
  return Buffer.concat([...out, Buffer.from([0])]);
}

// The rows of a frame in the order in which they are sent.
export const passes = (height) => [[0, 8], [4, 8], [2, 4], [1, 2]].flatMap(([first, step]) => Array.from({ length: Math.ceil((height - first) / step) }, (_, i) => first + i * step));

// palette: bytes of 2, 4, … colours. rows: arrays of indices. data: in place of what the rows give, without their length.
export function gif({ palette, rows, bits = 2, block = 255, interlaced = false, before = [], data, end = [0x3B] }) {
  const width = rows[0].length, height = rows.length, size = Math.log2(palette.length / 3) - 1;
  const sent = (interlaced ? passes(height) : rows.map((_, y) => y)).flatMap((y) => rows[y]);
  return Buffer.concat([Buffer.from('GIF89a'), u16(width, height), Buffer.from([0x80 | size, 0, 0, ...palette, ...before, 0x2C]),
    u16(0, 0, width, height), Buffer.from([interlaced ? 0x40 : 0, bits]), data ?? blocks(lzw(sent, bits), block), Buffer.from(end)]);
}

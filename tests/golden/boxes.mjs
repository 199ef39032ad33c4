// Takes HEIC and AVIF files apart and puts others together: grids, turns, crops and profiles that heif-enc cannot write.
// A picture is {items: [{id, type, properties: [box…], data, references: {type: [ids]}}], primary, brand}.

const number = (value, bytes) => {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
};
export const box = (type, ...parts) => {
  const body = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part))));
  return Buffer.concat([number(body.length + 8, 4), Buffer.from(type, 'latin1'), body]);
};
export const fullBox = (type, version, flags, ...parts) => box(type, number(version, 1), number(flags, 3), ...parts);

function* boxes(bytes) {
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at) || bytes.length - at;
    yield { type: bytes.toString('latin1', at + 4, at + 8), whole: bytes.subarray(at, at + size), body: bytes.subarray(at + 8, at + size) };
    at += size;
  }
}
const child = (bytes, type) => [...boxes(bytes)].find((found) => found.type === type)?.body;

// As heif-enc and avifenc write it: one piece an item, numbers of 16 bits.
export function parse(file) {
  const meta = child(file, 'meta').subarray(4), items = [];
  const ipco = [...boxes(child(child(meta, 'iprp'), 'ipco'))], ipma = child(child(meta, 'iprp'), 'ipma'), iloc = child(meta, 'iloc');
  for (const { body } of boxes(child(meta, 'iinf').subarray(6)))
    items.push({ id: body.readUInt16BE(4), type: body.toString('latin1', 8, 12), properties: [], references: {} });
  const item = (id) => items.find((found) => found.id === id);
  for (let i = 0, at = 8; i < ipma.readUInt32BE(4); i++) {
    const { properties } = item(ipma.readUInt16BE(at)), count = ipma[at + 2];
    for (let p = 0; p < count; p++) properties.push(ipco[(ipma[at + 3 + p] & 127) - 1].whole);
    at += 3 + count;
  }
  const sizes = iloc.readUInt16BE(4), [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  for (let i = 0, at = 8; i < iloc.readUInt16BE(6); i++) {
    const read = (bytes) => { at += bytes; return bytes ? iloc.readUIntBE(at - bytes, bytes) : 0; };
    const { id } = { id: read(2) }, method = iloc[0] ? read(2) : 0;
    read(2);
    const offset = read(baseBytes), count = read(2);
    const pieces = Array.from({ length: count }, () => {
      const start = offset + read(offsetBytes);
      return (method ? child(meta, 'idat') : file).subarray(start, start + read(lengthBytes));
    });
    item(id).data = Buffer.concat(pieces);
  }
  for (const { type, body } of boxes((child(meta, 'iref') ?? Buffer.alloc(4)).subarray(4))) {
    const count = body.readUInt16BE(2);
    item(body.readUInt16BE(0)).references[type] = Array.from({ length: count }, (_, i) => body.readUInt16BE(4 + 2 * i));
  }
  return { items, primary: child(meta, 'pitm').readUInt16BE(4), brand: file.toString('latin1', 8, 12) };
}

export function build({ items, primary, brand }) {
  const properties = items.flatMap((item) => item.properties);
  let next = 0;
  const associations = items.map((item) => Buffer.concat([number(item.id, 2), number(item.properties.length, 1), ...item.properties.map(() => number(0x8000 | ++next, 2))]));
  const references = items.flatMap((item) => Object.entries(item.references ?? {}).map(([type, ids]) => box(type, number(item.id, 2), number(ids.length, 2), ...ids.map((id) => number(id, 2)))));
  // what says how tiles lie comes first, as in phones' files
  const stored = [...items].sort((a, b) => (b.type === 'grid') - (a.type === 'grid'));
  const head = box('ftyp', brand, number(0, 4), 'mif1', brand);
  const meta = (start) => {
    let offset = start;
    const places = stored.map((item) => {
      const place = Buffer.concat([number(item.id, 2), number(0, 2), number(1, 2), number(offset, 4), number(item.data.length, 4)]);
      offset += item.data.length;
      return place;
    });
    return fullBox('meta', 0, 0,
      fullBox('hdlr', 0, 0, number(0, 4), 'pict', Buffer.alloc(13)),
      fullBox('pitm', 0, 0, number(primary, 2)),
      fullBox('iloc', 0, 0, number(0x4400, 2), number(items.length, 2), ...places),
      fullBox('iinf', 0, 0, number(items.length, 2), ...items.map((item) => fullBox('infe', 2, item.id === primary ? 0 : 1, number(item.id, 2), number(0, 2), item.type, number(0, 1)))),
      ...(references.length ? [fullBox('iref', 0, 0, ...references)] : []),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 1, number(items.length, 4), ...associations)));
  };
  const start = head.length + meta(0).length + 8;
  return Buffer.concat([head, meta(start), box('mdat', ...stored.map((item) => item.data))]);
}

export const ispe = (width, height) => fullBox('ispe', 0, 0, number(width, 4), number(height, 4));
export const irot = (quarters) => box('irot', number(quarters, 1));
export const imir = (axis) => box('imir', number(axis, 1));
// Offsets of the centre in halves of a pixel.
export const clap = (width, height, x2 = 0, y2 = 0) =>
  box('clap', ...[width, 1, height, 1, x2 >>> 0, 2, y2 >>> 0, 2].map((value) => number(value, 4)));
export const nclx = (primaries, transfer, matrix, fullRange) => box('colr', 'nclx', number(primaries, 2), number(transfer, 2), number(matrix, 2), number(fullRange ? 128 : 0, 1));
export const icc = (profile) => box('colr', 'prof', profile);

const kind = (property) => property.toString('latin1', 4, 8);
// A copy of a parsed file with properties of its primary picture added; those of the same kind go.
export function withProperties(file, ...added) {
  const kinds = new Set(added.map(kind));
  return {
    ...file,
    items: file.items.map((item) => item.id !== file.primary ? item
      : { ...item, properties: [...item.properties.filter((property) => !kinds.has(kind(property))), ...added] }),
  };
}

// One picture out of equal ones, row by row. (heif-enc wraps what is no multiple of 8 px in a grid of its own.)
export function grid(files, columns, width, height, ...properties) {
  const tiles = files.map((file, i) => ({ ...file.items.find((item) => item.type !== 'grid'), id: i + 1, references: {} }));
  const id = tiles.length + 1;
  return {
    brand: files[0].brand,
    primary: id,
    items: [...tiles, {
      id, type: 'grid', properties: [ispe(width, height), ...properties], references: { dimg: tiles.map((tile) => tile.id) },
      data: Buffer.concat([Buffer.from([0, 0, tiles.length / columns - 1, columns - 1]), number(width, 2), number(height, 2)]),
    }],
  };
}

#!/usr/bin/env python3
"""Draws the ornaments of the pages into templates/static: ornaments.py [FOLDER].

JPEG is the brand, so they are JPEGs written coefficient by coefficient, each block one of the 64 cosine patterns:
tile.jpg, the 64 patterns around middle grey, which is neutral in blending; logo.jpg, six blocks like the six of a
4:2:0 unit, four in grey, one in blue, one in pink; NNN.jpg, the number of an error spelled in patterns. Besides
icon.png, icon-192.png, icon-512.png and the button of 88x31. Only the standard library is used.
"""
import heapq
import itertools
import math
import pathlib
import struct
import sys
import zlib

ERRORS = "400 401 403 404 405 406 409 410 411 413 414 415 422 429 431 500 501 503 507".split()

ZIGZAG = sorted(itertools.product(range(8), range(8)),
                key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))  # (row, column)
NORM = [math.sqrt(0.5)] + [1.0] * 7


def cosine(k, n):
    return math.cos((2 * n + 1) * k * math.pi / 16)


def forward(block):
    """64 coefficients in zig-zag order of 8 rows of samples around 0"""
    return [NORM[v] * NORM[u] / 4 * sum(block[y][x] * cosine(v, y) * cosine(u, x)
            for y in range(8) for x in range(8)) for v, u in ZIGZAG]


def even_steps(height):
    """a quantisation table under which level 1 of every pattern swings by the same height"""
    peak = [max(abs(cosine(k, n)) for n in range(8)) for k in range(8)]
    return [min(255, round(4 * height / (NORM[v] * NORM[u] * peak[v] * peak[u]))) for v, u in ZIGZAG]


class Bits:
    def __init__(self):
        self.value = self.count = 0

    def put(self, value, count):
        self.value, self.count = self.value << count | value, self.count + count

    def stuffed(self):
        self.put((1 << -self.count % 8) - 1, -self.count % 8)
        return self.value.to_bytes(self.count // 8, "big").replace(b"\xff", b"\xff\0")


def huffman_code(counts):
    """{symbol: count} to (number of codes of each length, symbols, {symbol: (code, length)})"""
    ties = itertools.count()
    heap = [(n, next(ties), (s,)) for s, n in sorted(counts.items())] + [(0, next(ties), (None,))]
    length = dict.fromkeys([*counts, None], 0)  # None takes the code of all ones, which JPEG forbids
    heapq.heapify(heap)
    while len(heap) > 1:
        (n, _, a), (m, _, b) = heapq.heappop(heap), heapq.heappop(heap)
        for s in a + b:
            length[s] += 1
        heapq.heappush(heap, (n + m, next(ties), a + b))
    del length[None]
    symbols = sorted(length, key=lambda s: (length[s], s))
    codes, code, last = {}, 0, 0
    for s in symbols:
        code <<= length[s] - last
        last = length[s]
        codes[s] = code, last
        code += 1
    return [sum(n == i for n in length.values()) for i in range(1, 17)], symbols, codes


def symbols_of(block, before):
    """(table, symbol, extra bits, their number) of one block of levels"""
    def value(v):
        size = abs(v).bit_length()
        return v if v > 0 else v + (1 << size) - 1, size
    extra, size = value(block[0] - before)
    yield 0, size, extra, size
    run = 0
    for level in block[1:]:
        if level == 0:
            run += 1
            continue
        for _ in range(run // 16):
            yield 1, 0xF0, 0, 0
        extra, size = value(level)
        yield 1, run % 16 << 4 | size, extra, size
        run = 0
    if run:
        yield 1, 0, 0, 0


def jpeg(width, height, planes, steps):
    """a baseline JPEG of unsubsampled planes, each a list of blocks of 64 levels"""
    stream, before = [], [0] * len(planes)
    for blocks in zip(*planes):
        for c, block in enumerate(blocks):
            stream += symbols_of(block, before[c])
            before[c] = block[0]
    counts = [{}, {}]
    for table, symbol, _, _ in stream:
        counts[table][symbol] = counts[table].get(symbol, 0) + 1
    tables = [huffman_code(n) for n in counts]
    bits = Bits()
    for table, symbol, extra, size in stream:
        bits.put(*tables[table][2][symbol])
        bits.put(extra, size)

    def segment(marker, body):
        return struct.pack(">BBH", 255, marker, len(body) + 2) + body
    ids = range(1, len(planes) + 1)
    return b"".join([
        b"\xff\xd8",
        segment(0xDB, b"\0" + bytes(steps)),
        segment(0xC0, struct.pack(">BHHB", 8, height, width, len(planes)) + b"".join(bytes([i, 17, 0]) for i in ids)),
        segment(0xC4, b"".join(bytes([t << 4, *tables[t][0], *tables[t][1]]) for t in (0, 1))),
        segment(0xDA, bytes([len(planes)]) + b"".join(bytes([i, 0]) for i in ids) + b"\0\x3f\0"),
        bits.stuffed(), b"\xff\xd9"])


def png(rows):
    """a palette PNG of rows of (red, green, blue)"""
    palette = sorted(set(itertools.chain(*rows)))
    depth = next(d for d in (1, 2, 4, 8) if len(palette) <= 1 << d)
    raw = b""
    for row in rows:
        bits = Bits()
        for pixel in row:
            bits.put(palette.index(pixel), depth)
        bits.put(0, -bits.count % 8)
        raw += b"\0" + bits.value.to_bytes(bits.count // 8, "big")

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + b"".join([
        chunk(b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), depth, 3, 0, 0, 0)),
        chunk(b"PLTE", bytes(itertools.chain(*palette))),
        chunk(b"IDAT", zlib.compress(raw, 9)), chunk(b"IEND", b"")])


def rgb(y, cb=0, cr=0):
    return tuple(max(0, min(255, round(c))) for c in (y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb))


def single(index, level):
    return [level if i == index else 0 for i in range(64)]


LETTERS = {letter: [[int(bit) for bit in f"{int(row, 16):08b}"] for row in rows.split()] for letter, rows in {
    "p": "00 00 7C 66 66 7C 60 60", "i": "00 18 00 38 18 18 3C 00", "c": "00 00 3C 66 60 66 3C 00",
    "l": "00 38 18 18 18 18 3C 00", "o": "00 00 3C 66 66 66 3C 00", "g": "00 00 3E 66 66 3E 06 7C"}.items()}
SMALL = {letter: rows.split("/") for letter, rows in {
    "1": "010/110/010/010/111", "2": "110/001/010/100/111", "k": "100/100/101/110/101",
    "B": "1110/1001/1110/1001/1110", "o": "000/000/111/101/111", "n": "000/000/110/101/101",
    "l": "10/10/10/10/11", "y": "000/101/111/001/110", " ": "00/00/00/00/00"}.items()}
DIGITS = {digit: rows.split() for digit, rows in {
    "0": "01110 10001 10001 10001 10001 10001 01110", "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111", "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "10010 10010 10010 11111 00010 00010 00010", "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "01110 10000 10000 11110 10001 10001 01110", "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110", "9": "01110 10001 10001 01111 00001 00001 01110"}.items()}
# ink and ground of a letter as (Y, Cb, Cr)
GREY, LIGHTER, BLUE, PINK = ((30, 4, 0), (214, 0, 0)), ((30, 4, 0), (196, 0, 0)), ((250, -10, 0), (80, 98, 0)), \
    ((250, 0, -10), (92, 0, 98))
WORD = list(zip("piclog", (GREY, LIGHTER, GREY, LIGHTER, BLUE, PINK)))


def draw_tile():
    order = {at: i for i, at in enumerate(ZIGZAG)}
    return jpeg(64, 64, [[single(order[v, u], 1 if v or u else 0) for v in range(8) for u in range(8)]], even_steps(44))


def draw_logo():
    steps = [round(22 + 9 * (v + u)) for v, u in ZIGZAG]
    planes = []
    for plane in range(3):
        middle = 128 if plane == 0 else 0
        planes.append([[round(c / q) for c, q in zip(forward(
            [[colours[1 - bit][plane] - middle for bit in row] for row in LETTERS[letter]]), steps)]
            for letter, colours in WORD])
    return jpeg(48, 8, planes, steps)


def draw_number(number):
    rows = ["0" * 21] + ["0" + "00".join(DIGITS[d][y] for d in number) + "0" for y in range(7)] + ["0" * 21]
    pattern, blocks = 0, []
    for bit in "".join(rows):
        pattern = pattern % 63 + 1 if bit == "1" else pattern
        blocks.append(single(pattern, 2) if bit == "1" else [0] * 64)
    return jpeg(168, 72, [blocks], even_steps(44))


def half(v, u, y, x):
    """a pattern in five levels from -1 to 1"""
    return round(2 * cosine(v, y) * cosine(u, x)) / 2


def draw_icon(scale):
    """one unit of four blocks: two in grey, one in blue, one in pink"""
    blocks = [[(1, 2, 128, 110, 0, 0), (3, 0, 150, 80, 0, 0)], [(2, 1, 140, 60, 70, 0), (1, 1, 140, 60, 0, 80)]]
    rows = []
    for y in range(16 * scale):
        v, row = y // scale, []
        for x in range(16 * scale):
            u = x // scale
            a, b, middle, swing, cb, cr = blocks[v // 8][u // 8]
            row.append(rgb(middle + swing * half(a, b, v % 8, u % 8), cb, cr))
        rows.append(row)
    return png(rows)


def draw_button():
    ink, paper = rgb(26, 6), (255, 255, 255)
    rows = [[paper] * 88 for _ in range(31)]
    hues = [(0, 0), (90, 0), (0, 90), (0, 0)]
    for y in range(1, 30):
        for x in range(1, 25):
            u, v = (x - 1) // 8 + 1, (y - 1) // 8
            rows[y][x] = rgb(140 + 90 * half(v, u, (y - 1) % 8, (x - 1) % 8), *hues[(u + v) % 4])
    for i, (letter, (fore, ground)) in enumerate(WORD):
        for y, x in itertools.product(range(8), range(8)):
            rows[6 + y][32 + i * 8 + x] = rgb(*(fore if LETTERS[letter][y][x] else ground))
    left = 33
    for letter in "only 12 kB":
        for y, line in enumerate(SMALL[letter]):
            for x, bit in enumerate(line):
                if bit == "1":
                    rows[20 + y][left + x] = ink
        left += len(SMALL[letter][0]) + 1
    for y, x in itertools.product(range(31), range(88)):
        if x in (0, 25, 87) or y in (0, 30):
            rows[y][x] = ink
    return png(rows)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "templates/static")
    drawings = {"tile.jpg": draw_tile(), "logo.jpg": draw_logo(), "icon.png": draw_icon(2), "icon-192.png": draw_icon(12),
                "icon-512.png": draw_icon(32), "button.png": draw_button()}
    drawings.update({f"{number}.jpg": draw_number(number) for number in ERRORS})
    for name, data in drawings.items():
        (folder / name).write_bytes(data)
        print(f"{name} {len(data)}")

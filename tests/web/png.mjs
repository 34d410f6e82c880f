// Makes a screenshot small: a PNG with a palette of 256 colours, from Chromium's 8-bit RGB or RGBA.
import { deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const channelsOf = { 2: 3, 6: 4 };

/** Width and height from the header. */
export function sizeOf(png) {
  if (!png.subarray(0, 8).equals(signature)) throw new Error("not a PNG");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

export function quantised(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = paletteOf(counts);
  const index = new Map();
  for (const colour of counts.keys()) index.set(colour, nearest(colour, palette));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = index.get(pixels[y * width + x]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Colours as 0xRRGGBB, row by row; a screenshot has no transparency. */
function decode(png) {
  const { width, height } = sizeOf(png);
  const channels = channelsOf[png[25]];
  if (png[24] !== 8 || !channels || png[28] !== 0) throw new Error("not an 8-bit RGB PNG");
  const data = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
      data.push(png.subarray(at + 8, at + 8 + length));
    }
    at += length + 12;
  }
  const bytes = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  let above = Buffer.alloc(stride);
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = y * (stride + 1);
    const row = bytes.subarray(from + 1, from + 1 + stride);
    unfilter(bytes[from], row, above, channels);
    for (let x = 0; x < width; x += 1) {
      const at = x * channels;
      pixels[y * width + x] = (row[at] << 16) | (row[at + 1] << 8) | row[at + 2];
    }
    above = row;
  }
  return { width, height, pixels };
}

function unfilter(kind, row, above, channels) {
  for (let at = 0; at < row.length; at += 1) {
    const left = at < channels ? 0 : row[at - channels];
    const up = above[at];
    const corner = at < channels ? 0 : above[at - channels];
    row[at] += [0, left, up, (left + up) >> 1, kind === 4 ? paeth(left, up, corner) : 0][kind];
  }
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The commonest colours as they are, the others by median cut. */
function paletteOf(counts) {
  const byCount = [...counts].sort((one, other) => other[1] - one[1]);
  const kept = byCount.slice(0, 128).map(([colour]) => parts(colour));
  const rest = byCount.slice(128).map(([colour, count]) => ({ rgb: parts(colour), count }));
  const boxes = rest.length > 0 ? [rest] : [];
  while (boxes.length > 0 && boxes.length < 128) {
    const widest = boxes
      .map(spread)
      .reduce((best, one, at, all) => (one.weight > all[best].weight ? at : best), 0);
    const { channel, weight } = spread(boxes[widest]);
    if (weight === 0) break;
    const box = boxes
      .splice(widest, 1)[0]
      .sort((one, other) => one.rgb[channel] - other.rgb[channel]);
    const half = box.length >> 1;
    boxes.push(box.slice(0, half), box.slice(half));
  }
  return [...kept, ...boxes.map(mean)];
}

function spread(box) {
  const ranges = [0, 1, 2].map((channel) => {
    const values = box.map((one) => one.rgb[channel]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  });
  const widest = Math.max(...ranges);
  const total = box.reduce((sum, one) => sum + one.count, 0);
  return {
    channel: ranges.indexOf(widest),
    weight: box.length < 2 ? 0 : widest * Math.sqrt(total),
  };
}

function mean(box) {
  const total = box.reduce((sum, one) => sum + one.count, 0);
  return [0, 1, 2].map((channel) =>
    Math.round(box.reduce((sum, one) => sum + one.rgb[channel] * one.count, 0) / total),
  );
}

function nearest(colour, palette) {
  const [r, g, b] = parts(colour);
  let best = 0;
  let least = Infinity;
  palette.forEach(([pr, pg, pb], at) => {
    const distance = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
    if (distance < least) [best, least] = [at, distance];
  });
  return best;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1)
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

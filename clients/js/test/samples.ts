import { deflateSync } from 'node:zlib';

/** A picture with a gradient, as PNG. */
export function picture(width: number, height: number): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc((1 + 3 * width) * height);
  for (let y = 0, at = 0; y < height; y++) {
    at++; // the row's filter: none
    for (let x = 0; x < width; x++, at += 3) {
      rows[at] = (255 * x) / width;
      rows[at + 1] = (255 * y) / height;
      rows[at + 2] = 128;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // bits of a channel; RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Uint8Array.from(Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32Of(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The checksum that PNG wants. Node 20 has none in all its releases. */
function crc32Of(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return ~crc >>> 0;
}

/** A sheet of episodes with that many rows. */
export function sheet(rows: number, title = 'Take'): Blob {
  return new Blob(['title,description\n', ...Array.from({ length: rows }, (_, i) => `${title} ${i + 1},"Scene ${i % 40}"\n`)]);
}

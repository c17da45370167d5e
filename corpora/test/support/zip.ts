import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip archive; `mode` holds type and rights as in `st_mode`, `flags` the general purpose bits. */
export interface ZipEntry {
  path: string;
  content?: string | Buffer;
  mode?: number;
  flags?: number;
}

/** A zip archive with exactly these entries, hostile ones too. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, content = "", mode = 0o100644, flags = 0 } of entries) {
    const name = Buffer.from(path);
    const plain = Buffer.from(content);
    const data = deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from("PK\u0003\u0004"), common, name, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(mode * 0x10000, 6);
    rest.writeUInt32LE(offset, 10);
    // Made on Unix.
    centrals.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), common, rest, name);
    offset += 4 + common.length + name.length + data.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from("PK\u0005\u0006"), end]);
}

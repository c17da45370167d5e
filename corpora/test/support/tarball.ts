import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** One entry of an archive; `link` makes it a symbolic link, unless `type` (a tar type flag) says otherwise. */
export interface Entry {
  path: string;
  text?: string;
  link?: string;
  type?: string;
}

/** A gzipped tar archive with exactly these entries, hostile ones too. */
export function tarball(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

/** The same, not compressed. */
export function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, text = "", link, type = link === undefined ? "0" : "2" }) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header(path, content.length, link, type), content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function integrityOf(archive: Buffer): string {
  return `sha512-${createHash("sha512").update(archive).digest("base64")}`;
}

function header(name: string, size: number, link: string | undefined, type: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(link ?? "", 157, 100);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Reads tar archives, plain or compressed, entry by entry. */
import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { Parser, type ReadEntry } from "tar";
import { HostileArchive, type SafeWriter } from "./writer.ts";

const BLOCK_BYTES = 512;

/** @throws HostileArchive, or the error of what reads or decompresses the archive */
export async function unpackTar(file: string, writer: SafeWriter, name: string): Promise<void> {
  const source = await decompressed(createReadStream(file), name);
  // The writer's own limit on the ratio holds for every compression, not for gzip alone.
  const parser = new Parser({ strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY });
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const ended = new Promise<void>((resolve) => parser.on("end", resolve));
  let written = Promise.resolve();
  parser.on("error", reject);
  parser.on("entry", (entry: ReadEntry) => {
    written = written.then(async () => take(entry, writer));
    written.catch(reject);
  });
  let bytes = 0;
  const read = async (): Promise<void> => {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (!parser.write(chunk)) await new Promise((resolve) => parser.once("drain", resolve));
    }
    if (/\.(?:tar|bz2|xz)$/.test(name) && bytes % BLOCK_BYTES !== 0)
      throw new Error("it ends in the middle of a block");
    parser.end();
    await ended;
    await written;
  };
  try {
    await Promise.race([read(), failed]);
  } finally {
    source.destroy();
  }
}

const FILES: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile"]);
const FOLDERS: ReadonlySet<string> = new Set(["Directory", "GNUDumpDir"]);
const LINKS: ReadonlyMap<string, "top" | "folder"> = new Map([
  ["Link", "top"],
  ["SymbolicLink", "folder"],
]);

async function take(entry: ReadEntry, writer: SafeWriter): Promise<void> {
  if (FILES.has(entry.type)) {
    return writer.file(entry.path, entry as AsyncIterable<Uint8Array>, ((entry.mode ?? 0) & 0o111) !== 0);
  }
  entry.resume();
  if (FOLDERS.has(entry.type)) return writer.folder(entry.path);
  const from = LINKS.get(entry.type);
  if (from === undefined) throw new HostileArchive(`it holds a ${entry.type}, which is neither file nor folder`);
  return writer.link(entry.path, entry.linkpath ?? "", from);
}

/** Node has gzip and zstd, and the parser sees those by itself. */
async function decompressed(source: Readable, name: string): Promise<Readable> {
  if (name.endsWith(".xz")) {
    const { XzReadableStream } = await import("xz-decompress");
    return Readable.fromWeb(new XzReadableStream(Readable.toWeb(source) as ReadableStream<Uint8Array>) as never);
  }
  if (name.endsWith(".bz2")) {
    const { default: unbzip2 } = await import("unbzip2-stream");
    // An old-style stream, which does not hand on errors.
    const old = unbzip2();
    const out = new PassThrough();
    source.on("error", (error) => out.destroy(error));
    old.on("error", (error) => out.destroy(error instanceof Error ? error : new Error(String(error))));
    source.pipe(old).pipe(out);
    return out;
  }
  return source;
}

/** Reads zip archives (wheels, jars and modules too), entry by entry. */
import { text } from "node:stream/consumers";
import { openPromise } from "yauzl";
import { HostileArchive, type SafeWriter } from "./writer.ts";

const TYPE_MASK = 0o170000;
const TYPE_FILE = 0o100000;
const TYPE_FOLDER = 0o040000;
const TYPE_LINK = 0o120000;
const UNIX = 3;
const LONGEST_LINK = 4096;

/** @throws HostileArchive, or the error of what reads or decompresses the archive */
export async function unpackZip(file: string, writer: SafeWriter): Promise<void> {
  const zip = await openPromise(file, { autoClose: false, strictFileNames: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const type = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & TYPE_MASK : 0;
      if (entry.isEncrypted()) throw new HostileArchive("it is encrypted");
      if (entry.fileName.endsWith("/")) await writer.folder(entry.fileName);
      else if (type === TYPE_LINK) {
        if (entry.uncompressedSize > LONGEST_LINK) throw new HostileArchive("it holds a link of absurd length");
        writer.link(entry.fileName, await text(await zip.openReadStreamPromise(entry)), "folder");
      } else if (type === 0 || type === TYPE_FILE || type === TYPE_FOLDER) {
        const executable = ((entry.externalFileAttributes >>> 16) & 0o111) !== 0;
        await writer.file(entry.fileName, await zip.openReadStreamPromise(entry), executable);
      } else throw new HostileArchive("it holds an entry that is neither file nor folder");
    }
  } finally {
    zip.close();
  }
}

/** Writes the entries of an archive below one folder, and refuses what leads out of it or goes on without end. */
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

export interface UnpackLimits {
  /** Bytes of all files together. */
  bytes: number;
  /** Files, folders and links together, folders that are only named on the way to others too. */
  files: number;
  /** Unpacked bytes per byte of the archive, looked at above 16 MiB. */
  ratio: number;
}

export const DEFAULT_LIMITS: UnpackLimits = { bytes: 4 * 2 ** 30, files: 500_000, ratio: 150 };
const RATIO_FROM_BYTES = 16 * 2 ** 20;
const LONGEST_NAME = 255;
const LONGEST_PATH = 2048;

/** The archive asks for something that no honest one needs. */
export class HostileArchive extends Error {}

/** One per archive; entries are handed to it one after the other. */
export class SafeWriter {
  files = 0;
  bytes = 0;
  readonly leftOut: string[] = [];
  readonly #seen = new Set<string>();
  readonly #made = new Set<string>();
  readonly #folder: string;
  readonly #limits: UnpackLimits;
  readonly #archiveBytes: number;
  readonly #rename: (entry: string) => string | null;

  constructor(
    folder: string,
    limits: UnpackLimits,
    archiveBytes: number,
    rename: (entry: string) => string | null = (entry) => entry,
  ) {
    this.#folder = folder;
    this.#limits = limits;
    this.#archiveBytes = archiveBytes;
    this.#rename = rename;
  }

  /** Makes a folder and those above it. */
  async folder(entry: string): Promise<void> {
    const place = this.#rename(safePath(entry));
    if (place !== null) await this.#makeFolder(place);
  }

  /** Writes a file, which may not exist yet. The content is read to its end, or the stream is destroyed. */
  async file(entry: string, content: AsyncIterable<Uint8Array>, executable: boolean): Promise<void> {
    const safe = safePath(entry);
    if (this.#seen.has(safe)) throw new HostileArchive(`it names ${shown(safe)} twice`);
    this.#seen.add(safe);
    this.files += 1;
    this.#countEntries();
    const place = safe === "" ? null : this.#rename(safe);
    if (place === null) {
      for await (const chunk of content) this.#count(chunk.length);
      return;
    }
    const target = path.join(this.#folder, place);
    await this.#makeFolder(path.dirname(place));
    const counted = this.#counted(content);
    await pipeline(counted, createWriteStream(target, { flags: "wx", mode: executable ? 0o755 : 0o644 }));
  }

  /** Notes a link within the archive and refuses any other; none is ever made. */
  link(entry: string, target: string, from: "folder" | "top"): void {
    const safe = safePath(entry);
    const base = from === "folder" ? path.posix.dirname(safe) : ".";
    if (path.posix.isAbsolute(target) || /^[a-z]:|\\/i.test(target) || leavesFolder(`${base}/${target}`)) {
      throw new HostileArchive(`its link ${shown(safe)} leads outside, to ${shown(target)}`);
    }
    this.leftOut.push(safe);
    this.#countEntries();
  }

  async #makeFolder(place: string): Promise<void> {
    if (this.#made.has(place)) return;
    for (let one = place; one !== "." && one !== "" && !this.#made.has(one); one = path.dirname(one)) {
      this.#made.add(one);
      this.#countEntries();
    }
    await mkdir(path.join(this.#folder, place), { recursive: true });
  }

  #countEntries(): void {
    if (this.files + this.#made.size + this.leftOut.length > this.#limits.files)
      throw new HostileArchive(`it holds more than ${this.#limits.files} files, folders and links`);
  }

  async *#counted(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of content) {
      this.#count(chunk.length);
      yield chunk;
    }
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#limits.bytes) {
      throw new HostileArchive(`it unpacks to more than ${Math.round(this.#limits.bytes / 2 ** 20)} MiB`);
    }
    if (this.bytes > RATIO_FROM_BYTES && this.bytes > this.#limits.ratio * this.#archiveBytes) {
      throw new HostileArchive(`it unpacks to more than ${this.#limits.ratio} times its size`);
    }
  }
}

/** The path of an entry below the folder, without "." steps; "" for the folder itself. */
function safePath(entry: string): string {
  const steps = entry.split("/").filter((step, i, all) => step !== "." && !(step === "" && i === all.length - 1));
  const bad =
    entry.includes("\0") ||
    entry.includes("\\") ||
    /^[a-z]:/i.test(entry) ||
    entry.length > LONGEST_PATH ||
    steps.some((step) => step === "" || step === ".." || Buffer.byteLength(step) > LONGEST_NAME);
  if (bad) throw new HostileArchive(`the path ${shown(entry)} does not lie inside`);
  return steps.join("/");
}

function leavesFolder(place: string): boolean {
  const normal = path.posix.normalize(place);
  return normal === ".." || normal.startsWith("../");
}

/** A name for a message: short, and nothing that a terminal obeys. */
function shown(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  return JSON.stringify(short).slice(1, -1);
}

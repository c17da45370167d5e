/**
 * Files of Python packages, from where the user's pip looks. Pip itself is not used: to download an sdist it runs code of
 * the package, and nothing here ever does.
 */
import { copyFile, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { CorpusError } from "../errors.ts";
import { type FetchContext, unreachableError } from "./context.ts";
import { download, readPage } from "./http.ts";
import { type PipConfig, pipConfig } from "./pip-config.ts";

/** A file that an index offers. */
interface Offer {
  file: string;
  /** An address, or the path of a local file. */
  place: string;
}

const ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
const HINT = "Look at the name and version, and at the index that pip is configured with (pip config list).";

/**
 * Writes one file of a package (an sdist or a wheel) to `target`; going on where an earlier attempt stopped.
 *
 * @throws CorpusError `CORPUS_UNREACHABLE` also when no index has the file
 */
export async function downloadPypi(
  wanted: { name: string; version: string; file: string },
  target: string,
  context: FetchContext,
): Promise<void> {
  const config = await pipConfig(context.env);
  const label = `${wanted.file} of ${wanted.name}`;
  const offer = (await offersOf(wanted.name, config)).find(({ file }) => file === wanted.file);
  if (offer === undefined) throw unreachableError(label, "no index has it", HINT);
  if (path.isAbsolute(offer.place)) await copyFile(offer.place, target);
  else await download(offer.place, target, { label, http: config.http });
}

/**
 * The file of a version that shows its sources best: the sdist, else a wheel for every platform.
 *
 * @throws CorpusError `CORPUS_UNREACHABLE` when no index has one
 */
export async function choosePypiFile(name: string, version: string, context: FetchContext): Promise<string> {
  const offers = await offersOf(name, await pipConfig(context.env));
  const [sdist] = offers.filter(({ file }) => isSdistOf(file, name, version));
  const [wheel] = offers.filter(({ file }) => isWheelOf(file, name, version));
  const chosen = sdist ?? wheel;
  if (chosen === undefined) {
    throw unreachableError(`${name} ${version}`, "no index has an sdist or a pure wheel of it", HINT);
  }
  return chosen.file;
}

/** As PEP 503 compares names. */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function isSdistOf(file: string, name: string, version: string): boolean {
  const stem = /^(.*)\.(?:tar\.(?:gz|bz2|xz)|zip)$/.exec(file)?.[1];
  return (
    stem !== undefined &&
    stem.endsWith(`-${version}`) &&
    normalized(stem.slice(0, -version.length - 1)) === normalized(name)
  );
}

function isWheelOf(file: string, name: string, version: string): boolean {
  const [project = "", release] = file.split("-");
  return file.endsWith("-none-any.whl") && normalized(project) === normalized(name) && release === version;
}

/** What all places together offer of a package, local ones first. */
async function offersOf(name: string, config: PipConfig): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const place of config.findLinks) offers.push(...(await offersOfLinks(place, name, config)));
  for (const index of config.indexes) {
    const address = `${index.replace(/\/+$/, "")}/${normalized(name)}/`;
    offers.push(...(await offersOfPage(address, `the page of ${name}`, config)));
  }
  return offers;
}

async function offersOfLinks(place: string, name: string, config: PipConfig): Promise<Offer[]> {
  if (/^https?:/.test(place)) return offersOfPage(place, `the page of ${name}`, config);
  const folder = place.startsWith("file:") ? fileURLToPath(place) : path.resolve(place);
  const files = await readdir(folder).catch(() => []);
  return files.map((file) => ({ file, place: path.join(folder, file) }));
}

/** The simple API: JSON (PEP 691) or HTML (PEP 503). */
const SimplePage = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

async function offersOfPage(address: string, label: string, config: PipConfig): Promise<Offer[]> {
  const page = await readPage(await pageOf(address), { label, accept: ACCEPT, http: config.http });
  if (page === null) return [];
  if (!page.type.includes("json")) return anchorsOf(page.text, address);
  try {
    const { files } = SimplePage.parse(JSON.parse(page.text));
    return files.map(({ filename, url }) => ({ file: filename, place: withLogin(new URL(url, address), address) }));
  } catch (cause) {
    throw new CorpusError("CORPUS_UNREACHABLE", `${address} is no page of a package index`, { hint: HINT, cause });
  }
}

/** A folder on disk may be an index; its pages are then called `index.html`. */
async function pageOf(address: string): Promise<string> {
  if (!address.startsWith("file:")) return address;
  const folder = fileURLToPath(address);
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
  return isFolder ? pathToFileURL(path.join(folder, "index.html")).href : address;
}

function anchorsOf(html: string, address: string): Offer[] {
  return [...html.matchAll(/<a\s[^>]*?href\s*=\s*["']([^"']+)["'][^>]*>([^<]*)<\/a>/gi)].flatMap(
    ([, href = "", text = ""]) => {
      if (!URL.canParse(href.replaceAll("&amp;", "&"), address)) return [];
      const url = new URL(href.replaceAll("&amp;", "&"), address);
      url.hash = "";
      return [
        { file: text.trim() || path.posix.basename(decodeURIComponent(url.pathname)), place: withLogin(url, address) },
      ];
    },
  );
}

/** Files on the index's own host need its name and password. */
function withLogin(url: URL, index: string): string {
  const { host, username, password } = new URL(index);
  if (url.host === host && url.username === "") {
    url.username = username;
    url.password = password;
  }
  return url.href;
}

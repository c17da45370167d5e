/** The licences of what a bundle contains, read from the packages that the bundler says it took: none is typed. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { Metafile } from "esbuild";

export interface ThirdParty {
  name: string;
  version: string;
  /** SPDX expression. */
  licence: string;
  /** Licence and notice files, whole. */
  texts: string[];
}

/**
 * Packages with code in the output, by name, then version.
 *
 * @param folder paths of the metafile start here
 * @throws Error when a package says no licence or brings no text of it: such a package can't be passed on
 */
export function thirdParties({ outputs }: Metafile, folder: string): ThirdParty[] {
  const roots = new Set<string>();
  for (const { inputs } of Object.values(outputs))
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const root = bytesInOutput > 0 ? packageRoot(join(folder, file)) : null;
      if (root !== null) roots.add(root);
    }
  const found = [...roots].map(describe);
  const unlike = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  return [...unlike.values()].toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** One text with all of them. */
export function thirdPartyText(packages: readonly ThirdParty[]): string {
  const parts = packages.map(({ name, version, licence, texts }) =>
    [`${name} ${version}`, `Licence: ${licence}`, "", ...texts.map((text) => `${text.trim()}\n`)].join("\n"),
  );
  const line = `\n${"-".repeat(80)}\n\n`;
  return [`This program contains the following ${packages.length} packages.\n`, ...parts].join(line);
}

/** The package that a file below `node_modules` belongs to; null for files of this repository. */
function packageRoot(file: string): string | null {
  if (!existsSync(file)) return null; // Made by the bundler.
  const real = realpathSync(file);
  if (!real.split(sep).includes("node_modules")) return null;
  for (let at = dirname(real); at !== dirname(at); at = dirname(at)) {
    const manifest = join(at, "package.json");
    // Packages mark folders of theirs with a nameless package.json.
    if (existsSync(manifest) && readManifest(at).version !== undefined) return at;
  }
  return null;
}

interface Manifest {
  name?: string;
  version?: string;
  license?: string | { type?: string };
}

function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

function describe(root: string): ThirdParty {
  const { name = "", version = "", license } = readManifest(root);
  const licence = typeof license === "string" ? license : license?.type;
  const own = readdirSync(root)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(root, file), "utf8"));
  const texts = own.length > 0 ? own : licenceInReadme(root);
  if (licence === undefined || texts.length === 0)
    throw new Error(`${name}@${version} says no licence, or brings no text of it: ${root}`);
  return { name, version, licence, texts };
}

/** Some packages have their licence under a heading of the readme alone. */
function licenceInReadme(root: string): string[] {
  const file = readdirSync(root).find((name) => /^readme/i.test(name));
  if (file === undefined) return [];
  const sections = readFileSync(join(root, file), "utf8").split(/^(?=#{1,6} )/m);
  return sections.filter((section) => /^#+ .*licen[cs]e/i.test(section)).map((section) => section.replace(/^.*\n/, ""));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

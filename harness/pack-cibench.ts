/**
 * Makes the package of CIBench that other repositories install: one program of plain JavaScript, the corpora with their stored truth, the
 * native engine of this machine, and the licences of what the program contains.
 * `node harness/pack-cibench.ts <folder>` fills the folder; `npm pack` there makes the archive.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type Plugin, transform } from "esbuild";
import { bundle, writeLicences } from "./bundle.ts";

const root = join(import.meta.dirname, "..");

/**
 * What npm installs beside the program: all of it only fetches and unpacks corpora, and is loaded for that. The licences of some of these, or of what they
 * need, ask for a text that their packages do not bring, so that they cannot be passed on in the program.
 */
export const INSTALLED = ["pacote", "make-fetch-happen", "@npmcli/config", "xz-decompress"];

/** Folders with files that the program reads; sources are in the program itself. */
const BESIDE = ["corpora/real", "corpora/synthetic", "corpora/src", "cibench/src", "engine/native"];

/**
 * @param folder is made when absent
 * @throws Error when the native engine is not built
 */
export async function makeCibenchPackage(folder: string): Promise<void> {
  if (!readdirSync(join(root, "engine/native")).some((name) => name.endsWith(".node"))) {
    throw new Error("the native engine is not built: npm run --silent callgraph -- --help builds it");
  }
  const cibench = join(root, "cibench");
  const { version, license } = JSON.parse(readFileSync(join(cibench, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, "cibench.js");
  const metafile = await bundle({
    ...{ entry: join(cibench, "src/cli/main.ts"), outfile, folder: cibench },
    external: INSTALLED,
    plugins: [versionsAsPacked, whereItWas],
  });
  writeLicences(folder, metafile, cibench);
  for (const beside of BESIDE) {
    cpSync(join(root, beside), join(folder, beside), { recursive: true, filter: (path) => !isSource(path) });
  }
  cpSync(join(import.meta.dirname, "cibench-readme.md"), join(folder, "README.md"));
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  const manifest = {
    name: "drift-cibench",
    version,
    license,
    description: "A benchmark of how well a tool understands a codebase",
    type: "module",
    bin: { cibench: "cibench.js" },
    engines: { node: ">=22.19" },
    dependencies: Object.fromEntries(
      INSTALLED.map((name) => [name, readManifest(join(root, "corpora/node_modules", name)).version]),
    ),
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function readManifest(folder: string): { version: string; license: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string; license: string };
}

/** A source that node reads as a module; programs that are run elsewhere (`.mts`) are none. */
function isSource(path: string): boolean {
  return path.endsWith(".ts");
}

/** Packages whose versions truth rests on are in the program: their manifests are not there to be asked. */
const versionsAsPacked: Plugin = {
  name: "versions as packed",
  setup: (build) => {
    build.onLoad({ filter: /corpora[\\/]src[\\/]derive[\\/]versions\.ts$/ }, () => {
      const names = ["typescript-classic", "@babel/parser", "@types/node", "vitest"];
      const versions = names.map((name) => [name, readManifest(join(root, "corpora/node_modules", name)).version]);
      const table = JSON.stringify(Object.fromEntries(versions));
      return { contents: `export const versionOf = (name) => (${table})[name];`, loader: "js" };
    });
  },
};

/** Sources find what lies beside them by their own address. In the program that is where they would be in the package. */
const whereItWas: Plugin = {
  name: "where it was",
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const place = relative(root, path).split(sep);
      const text = readFileSync(path, "utf8");
      if (place.includes("node_modules") || !text.includes("import.meta.url")) return undefined;
      // Not in texts: some of these are programs that are written elsewhere.
      const { code } = await transform(text, {
        loader: "ts",
        format: "esm",
        define: { "import.meta.url": "whereItWas" },
        banner: `const whereItWas = new URL(${JSON.stringify(place.join("/"))}, import.meta.url).href;`,
      });
      return { contents: code, loader: "js" };
    });
  },
};

if (import.meta.main) await makeCibenchPackage(process.argv[2] ?? join(import.meta.dirname, "dist/cibench"));

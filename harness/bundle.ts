/** Makes one program of plain JavaScript of TypeScript sources and everything that they import, for a package that is installed elsewhere. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { thirdParties, thirdPartyText } from "./third-party.ts";

export interface BundleOptions {
  /** The file that is run. */
  entry: string;
  /** The program. */
  outfile: string;
  /** Paths in the account of what was taken start here. */
  folder: string;
  /** What npm installs beside the program. */
  external?: string[];
  /** Names in the sources, and the expressions that take their place. */
  define?: Record<string, string>;
  plugins?: Plugin[];
}

/** Writes the program, and says what went into it. */
export async function bundle(options: BundleOptions): Promise<Metafile> {
  const { entry, outfile, folder, external = [], define = {}, plugins = [] } = options;
  const hasHashbang = readFileSync(entry, "utf8").startsWith("#!");
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    mainFields: ["module", "main"], // UMD modules require their parts in a way that no bundler follows.
    external,
    define,
    plugins,
    banner: {
      js: `${hasHashbang ? "" : "#!/usr/bin/env node\n"}import { createRequire as requireOfProgram } from "node:module";\nconst require = requireOfProgram(import.meta.url);\nconst { filename: __filename, dirname: __dirname } = import.meta;`,
    },
    logLevel: "error",
    metafile: true,
    absWorkingDir: folder,
  });
  return metafile;
}

/** Writes the licences of all that is in a program beside it. */
export function writeLicences(target: string, metafile: Metafile, folder: string): void {
  writeFileSync(join(target, "THIRD-PARTY-LICENSES.txt"), thirdPartyText(thirdParties(metafile, folder)));
}

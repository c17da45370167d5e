/**
 * Makes the package that other repositories install: one program of plain JavaScript, with the tables that it reads and the
 * licences of what it contains beside it.
 * `node harness/pack.ts <folder>` fills the folder; `npm pack` there makes the archive.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { thirdParties, thirdPartyText } from "./third-party.ts";

const harness = import.meta.dirname;

interface Manifest {
  version: string;
  license: string;
}

/** @param folder is made when absent */
export async function makePackage(folder: string): Promise<void> {
  const { version, license } = JSON.parse(readFileSync(join(harness, "package.json"), "utf8")) as Manifest;
  const sqlite = JSON.parse(
    readFileSync(join(harness, "node_modules/better-sqlite3/package.json"), "utf8"),
  ) as Manifest;
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: [join(harness, "src/packed.ts")],
    outfile: join(folder, "drift-bench.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    mainFields: ["module", "main"], // UMD modules require their parts in a way that no bundler follows.
    external: ["better-sqlite3"], // A native module: npm installs the one for the machine.
    define: { PACKAGE_VERSION: JSON.stringify(version) },
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
    logLevel: "error",
    metafile: true,
    absWorkingDir: harness,
  });
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), thirdPartyText(thirdParties(metafile, harness)));
  cpSync(join(harness, "package-readme.md"), join(folder, "README.md"));
  for (const name of ["migrations", "migrations-postgres"])
    cpSync(join(harness, "src/store", name), join(folder, name), { recursive: true });
  cpSync(join(harness, "src/stats/change-point-null.json"), join(folder, "change-point-null.json"));
  cpSync(join(harness, "src/runners/wait4.py"), join(folder, "wait4.py"));
  cpSync(join(harness, "../LICENSE"), join(folder, "LICENSE"));
  const manifest = {
    name: "drift-bench",
    version,
    license,
    description: "A performance gate that states how often it is wrong and what it can see",
    type: "module",
    bin: { "drift-bench": "drift-bench.js" },
    engines: { node: ">=22.19" },
    dependencies: { "better-sqlite3": sqlite.version },
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (import.meta.main) await makePackage(process.argv[2] ?? join(harness, "dist/package"));

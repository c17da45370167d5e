/**
 * Makes the package that other repositories install: one program of plain JavaScript, with the tables that it reads and the
 * licences of what it contains beside it.
 * `node harness/pack.ts <folder>` fills the folder; `npm pack` there makes the archive.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, writeLicences } from "./bundle.ts";

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
  const metafile = await bundle({
    ...{ entry: join(harness, "src/packed.ts"), outfile: join(folder, "drift-bench.js"), folder: harness },
    external: ["better-sqlite3"], // A native module: npm installs the one for the machine.
    define: { PACKAGE_VERSION: JSON.stringify(version) },
  });
  writeLicences(folder, metafile, harness);
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

/** Who imports a file, however indirectly: the answer about a change that needs no understanding. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readJson } from "../../cache.ts";
import { ImportScanner } from "../../truth/import-scan.ts";
import { listFiles } from "../../tree.ts";

/** All files of a corpus, tests included, by whom they are imported. */
export class Importers {
  readonly #direct = new Map<string, Set<string>>();

  /** Reads every source of a corpus. */
  static async of(root: string): Promise<Importers> {
    const files = (await listFiles(root)).filter((file) => SOURCES.test(file));
    const scanner = new ImportScanner(files);
    const own = await OwnPackage.of(root, files);
    const importers = new Importers();
    for (const file of files) {
      const text = await readFile(path.join(root, file), "utf8");
      for (const target of [...scanner.scan(file, text).imported, ...own.importedBy(file, text)]) {
        importers.#direct.set(target, (importers.#direct.get(target) ?? new Set()).add(file));
      }
    }
    return importers;
  }

  /** Every file that imports this one or one that does, sorted; the file itself only when it imports itself that way. */
  all(file: string): string[] {
    const found = new Set<string>();
    const pending = [file];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const importer of this.#direct.get(next) ?? []) {
        if (found.has(importer)) continue;
        found.add(importer);
        pending.push(importer);
      }
    }
    return [...found].sort();
  }
}

const SOURCES = /\.(?:[cm]?[jt]sx?|pyi?)$/;
const SPECIFIERS = /(?:\bfrom\s*|\brequire\s*\(\s*|\bimport\s*\(?\s*)["']([^"'\n]+)["']/g;

const PackageJson = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  exports: z.unknown().optional(),
});

/** Imports of a JavaScript package as a whole, by its name or by its folder, which the scanner does not follow. */
class OwnPackage {
  readonly #files: ReadonlySet<string>;
  readonly #manifest: z.infer<typeof PackageJson>;

  static async of(root: string, files: readonly string[]): Promise<OwnPackage> {
    const read = PackageJson.safeParse(await readJson(path.join(root, "package.json")));
    return new OwnPackage(new Set(files), read.success ? read.data : {});
  }

  private constructor(files: ReadonlySet<string>, manifest: z.infer<typeof PackageJson>) {
    this.#files = files;
    this.#manifest = manifest;
  }

  importedBy(file: string, text: string): string[] {
    if (file.endsWith(".py") || file.endsWith(".pyi")) return [];
    return [...text.matchAll(SPECIFIERS)].flatMap(([, specifier = ""]) => this.#resolve(file, specifier) ?? []);
  }

  #resolve(file: string, specifier: string): string | undefined {
    const { name } = this.#manifest;
    if (specifier.startsWith(".")) {
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
      return target === "." || target === "./" ? this.#entry(".") : undefined;
    }
    if (name === undefined || (specifier !== name && !specifier.startsWith(`${name}/`))) return undefined;
    return this.#entry(`.${specifier.slice(name.length)}`);
  }

  /** The file behind an entry such as "." or "./utils", under whatever condition leads to a source that is there. */
  #entry(entry: string): string | undefined {
    const { exports, main } = this.#manifest;
    const listed = exports !== null && typeof exports === "object" && entry in exports;
    const named = listed ? (exports as Record<string, unknown>)[entry] : entry === "." ? exports : undefined;
    const candidates = [...textsIn(named), ...(entry === "." ? [main ?? "index.js", "index.js"] : [entry])];
    return candidates.flatMap(written).find((candidate) => this.#files.has(candidate));
  }
}

/** Every text in a value, sources before what is built from them. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  const texts = Object.values(value).flatMap(textsIn);
  return texts.sort(
    (a, b) =>
      Number(/\.d\.[cm]?ts$|^(?:\.\/)?(?:dist|build)\//.test(a)) -
      Number(/\.d\.[cm]?ts$|^(?:\.\/)?(?:dist|build)\//.test(b)),
  );
}

function written(target: string): string[] {
  const bare = path.posix.normalize(target);
  return [bare, `${bare}.js`, `${bare}.ts`, `${bare}/index.js`, `${bare}/index.ts`];
}

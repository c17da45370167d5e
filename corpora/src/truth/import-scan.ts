/**
 * Which files a file imports, found by patterns over its text and by looking for files of that name: what a light tool
 * does without a compiler. Shares nothing with the oracles. Comments and strings may mislead it, as they mislead such tools.
 */
import path from "node:path";
import { isOfPackage, PackageScanner } from "./import-packages.ts";

/** A file's imports as paths of files of the corpus; `reexported` are those whose names it hands on. */
export interface FileImports {
  imported: string[];
  reexported: string[];
}

/** Finds imports among `files`, the paths of a corpus. */
export class ImportScanner {
  readonly #files: ReadonlySet<string>;
  /** Python modules by their last part, since the folders above a package are not part of its name. */
  readonly #byModule = new Map<string, string[]>();

  readonly #packages: PackageScanner;

  constructor(files: Iterable<string>) {
    this.#files = new Set(files);
    this.#packages = new PackageScanner(this.#files);
    for (const file of this.#files) {
      if (!file.endsWith(".py") && !file.endsWith(".pyi")) continue;
      const last = modulePath(file).split("/").at(-1) ?? "";
      const known = this.#byModule.get(last);
      if (known === undefined) this.#byModule.set(last, [file]);
      else known.push(file);
    }
  }

  scan(file: string, text: string): FileImports {
    if (isOfPackage(file)) return { imported: this.#packages.scan(file, text), reexported: [] };
    return /\.pyi?$/.test(file) ? this.#scanPython(file, text) : this.#scanJavaScript(file, text);
  }

  #scanJavaScript(file: string, text: string): FileImports {
    const found: FileImports = { imported: [], reexported: [] };
    for (const { pattern, handsOn } of JAVASCRIPT) {
      for (const match of text.matchAll(pattern)) {
        const target = this.#resolveJavaScript(file, match.groups?.["path"] ?? "");
        if (target === undefined) continue;
        add(found.imported, target);
        if (handsOn) add(found.reexported, target);
      }
    }
    return found;
  }

  #resolveJavaScript(file: string, specifier: string): string | undefined {
    if (!specifier.startsWith(".")) return undefined;
    const bare = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)).replace(/\/$/, "");
    const written = [
      bare,
      ...SWAPPED.flatMap(([from, to]) =>
        bare.endsWith(from) ? to.map((end) => bare.slice(0, -from.length) + end) : [],
      ),
    ];
    const completed = ENDINGS.flatMap((end) => [`${bare}${end}`, `${bare}/index${end}`]);
    return [...written, ...completed].find((candidate) => this.#files.has(candidate));
  }

  #scanPython(file: string, text: string): FileImports {
    const found: FileImports = { imported: [], reexported: [] };
    const isPackage = /(?:^|\/)__init__\.pyi?$/.test(file);
    const take = (target: string | undefined): void => {
      if (target === undefined || target === file) return;
      add(found.imported, target);
      if (isPackage) add(found.reexported, target); // A package's names are mostly its modules'.
    };
    for (const match of text.matchAll(PYTHON_FROM)) {
      const { dots = "", module = "", names = "" } = match.groups ?? {};
      const base = this.#pythonBase(file, dots, module);
      take(this.#pythonModule(base, dots !== ""));
      for (const name of names.replace(/#.*$/gm, "").split(/[\s,()\\]+/)) {
        if (/^[A-Za-z_]\w*$/.test(name)) take(this.#pythonModule(join(base, name), dots !== ""));
      }
    }
    for (const match of text.matchAll(PYTHON_IMPORT)) {
      for (const part of (match.groups?.["modules"] ?? "").split(",")) {
        const [module = ""] = part.trim().split(/\s+/);
        take(this.#pythonModule(module.replaceAll(".", "/"), false));
      }
    }
    return found;
  }

  #pythonBase(file: string, dots: string, module: string): string {
    const below = module.replaceAll(".", "/");
    if (dots === "") return below;
    let folder = path.posix.dirname(file);
    for (let up = 1; up < dots.length; up += 1) folder = path.posix.dirname(folder);
    return join(folder === "." ? "" : folder, below);
  }

  /** The file of a module: exactly there when imported relatively, else below whatever folder holds the package. */
  #pythonModule(module: string, exact: boolean): string | undefined {
    if (module === "") return undefined;
    const candidates = (this.#byModule.get(module.split("/").at(-1) ?? "") ?? []).filter((file) => {
      const own = modulePath(file);
      return own === module || (!exact && own.endsWith(`/${module}`));
    });
    return candidates.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  }
}

/** The files whose names are at hand in `file`: those imported, and what those hand on, however far. */
export function reachable(file: string, imports: ReadonlyMap<string, FileImports>): Set<string> {
  const found = new Set<string>();
  const queue = [...(imports.get(file)?.imported ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(imports.get(next)?.reexported ?? []));
  }
  found.delete(file);
  return found;
}

const QUOTED = String.raw`(?<quote>["'])(?<path>[^"'\n]+)\k<quote>`;
const JAVASCRIPT: readonly { pattern: RegExp; handsOn: boolean }[] = [
  { pattern: new RegExp(String.raw`\bimport\s(?:[^"'\x60;()]*?\sfrom\s*)?${QUOTED}`, "g"), handsOn: false },
  { pattern: new RegExp(String.raw`\bimport[{*][^"'\x60;()]*?from\s*${QUOTED}`, "g"), handsOn: false },
  { pattern: new RegExp(String.raw`\bexport\s*(?:type\s*)?[{*][^"'\x60;()]*?from\s*${QUOTED}`, "g"), handsOn: true },
  { pattern: new RegExp(String.raw`\b(?:require|import)\s*\(\s*${QUOTED}\s*\)`, "g"), handsOn: false },
  { pattern: new RegExp(String.raw`\bexports(?:\.[\w$]+)?\s*=\s*require\s*\(\s*${QUOTED}\s*\)`, "g"), handsOn: true },
];
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".d.ts"];
/** TypeScript names the file that will be emitted. */
const SWAPPED: readonly (readonly [string, readonly string[]])[] = [
  [".js", [".ts", ".tsx"]],
  [".mjs", [".mts"]],
  [".cjs", [".cts"]],
  [".jsx", [".tsx"]],
];

const PYTHON_FROM =
  /^[ \t]*from[ \t]+(?<dots>\.*)[ \t]*(?<module>[A-Za-z_][\w.]*)?[ \t]+import[ \t]+(?<names>\([^)]*\)|(?:[^\n\\]|\\\n)*)/gm;
const PYTHON_IMPORT = /^[ \t]*import[ \t]+(?<modules>[^\n#;]+)/gm;

/** `a/b/__init__.py` and `a/b.py` are both module `a/b`. */
function modulePath(file: string): string {
  return file.replace(/\.pyi?$/, "").replace(/\/__init__$/, "");
}

function join(folder: string, name: string): string {
  return folder === "" ? name : name === "" ? folder : `${folder}/${name}`;
}

function add(list: string[], item: string): void {
  if (!list.includes(item)) list.push(item);
}

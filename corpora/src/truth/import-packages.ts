/** Imports of languages in which a folder is a package, whose files see each other's names: Java and Go. By patterns, as in `import-scan.ts`. */
import path from "node:path";

/** Finds what files of Java and Go import among `files`, the paths of a corpus. */
export class PackageScanner {
  readonly #byFolder: ReadonlyMap<string, string[]>;

  constructor(files: Iterable<string>) {
    const own = [...files].filter(isOfPackage);
    this.#byFolder = Map.groupBy(own, (file) => path.posix.dirname(file));
  }

  /** The files of the same package, and those of what the text imports. */
  scan(file: string, text: string): string[] {
    const own = this.#byFolder.get(path.posix.dirname(file)) ?? [];
    const imported = file.endsWith(".java") ? this.#java(text) : this.#go(text);
    return [...new Set([...own, ...imported])].filter((other) => other !== file);
  }

  #java(text: string): string[] {
    return [...text.matchAll(JAVA)].flatMap((match) => {
      const parts = (match.groups?.["name"] ?? "").split(".");
      // A type, a member of one, or everything in a package.
      for (const length of [parts.length, parts.length - 1, parts.length - 2]) {
        const [folder, name] = [parts.slice(0, length - 1).join("/"), parts[length - 1] ?? ""];
        const files = this.#inFolder(folder);
        if (name === "*" && files.length > 0) return files;
        const found = files.filter((file) => path.posix.basename(file) === `${name}.java`);
        if (found.length > 0) return found;
      }
      return [];
    });
  }

  #go(text: string): string[] {
    const block = [...text.matchAll(GO)]
      .map((match) => match.groups?.["block"] ?? match.groups?.["one"] ?? "")
      .join("\n");
    return [...block.matchAll(/"([^"\n]+)"/g)].flatMap((match) => this.#byModule(match[1] ?? ""));
  }

  /** The files of the longest folder by which an import path ends; the module's own folder has no name here. */
  #byModule(imported: string): string[] {
    const parts = imported.split("/");
    for (let from = 0; from < parts.length; from += 1) {
      const files = this.#byFolder.get(parts.slice(from).join("/"));
      if (files !== undefined) return files;
    }
    return [];
  }

  #inFolder(folder: string): string[] {
    return [...this.#byFolder].flatMap(([own, files]) => (own === folder || own.endsWith(`/${folder}`) ? files : []));
  }
}

/** Whether a file is in a language whose packages are folders. */
export function isOfPackage(file: string): boolean {
  return /\.(?:java|go)$/.test(file);
}

const JAVA = /^[ \t]*import[ \t]+(?:static[ \t]+)?(?<name>[\w.]+(?:\.\*)?)[ \t]*;/gm;
const GO = /^import[ \t]*(?:\((?<block>[^)]*)\)|(?:[\w.]+[ \t]+)?(?<one>"[^"\n]+"))/gm;

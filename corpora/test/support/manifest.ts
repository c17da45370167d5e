import { CANARY } from "../../src/truth/canary.ts";
import { splitOf } from "../../src/truth/split.ts";
import { folderWith } from "./folder.ts";

/** A checkout with one real corpus, "tiny", of this source and with these changes to its manifest. */
export function checkoutWith(source: object, changes: Record<string, unknown> = {}): string {
  return folderWith({ "real/tiny/corpus.json": JSON.stringify(manifestOf(source, changes)) });
}

/** The manifest of a small real corpus. */
export function manifestOf(source: object, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    schemaVersion: 2,
    canary: CANARY,
    id: "tiny",
    kind: "real",
    family: "tiny",
    description: "for tests",
    version: "1.0.0",
    language: "javascript",
    licence: "MIT",
    split: splitOf("tiny"),
    sizeClass: "small",
    source,
    measure: { include: ["*.js", "lib/**"], exclude: [] },
    context: { include: [], exclude: [] },
    compilerOptions: {
      target: "es2022",
      module: "commonjs",
      allowJs: true,
      checkJs: true,
      lib: ["es2022"],
      types: ["node"],
    },
    tests: null,
    ...changes,
  };
}

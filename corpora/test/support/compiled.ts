/** What the compiler oracle says about small sources. */
import { expect } from "vitest";
import { deriveCompilerTruth } from "../../src/derive/compiler.ts";
import { folderWith } from "./folder.ts";

export const OPTIONS = {
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  strict: true,
  lib: ["es2022"],
  types: ["node"],
};
export const JAVASCRIPT = {
  ...OPTIONS,
  module: "commonjs",
  moduleResolution: "node10",
  ignoreDeprecations: "6.0",
  strict: false,
  allowJs: true,
  checkJs: true,
};

/**
 * Resolves the calls of small sources and compares them, in order, with lines like `f: direct must f`. Targets are
 * display names; `!` in front of what is allowed says that the set is closed.
 */
export function check(source: string | Record<string, string>, expected: string[], compilerOptions: object = {}): void {
  const files = typeof source === "string" ? { "a.ts": source } : source;
  const root = folderWith(files);
  const isJavaScript = Object.keys(files).some((file) => file.endsWith(".js"));
  const { sites, definitions } = deriveCompilerTruth({
    root,
    measured: Object.keys(files).filter((file) => !file.startsWith("context/")),
    context: Object.keys(files).filter((file) => file.startsWith("context/")),
    compilerOptions: { ...(isJavaScript ? JAVASCRIPT : OPTIONS), ...compilerOptions },
  });
  const names = new Map(definitions.map((definition) => [definition.id, definition.name]));
  const shown = (targets: (typeof sites)[number]["must"]): string =>
    targets
      .map((target) => ("external" in target ? `<${target.external}>` : (names.get(target.definition) ?? "?")))
      .join(", ");
  const lines = sites.map((site) => {
    const head = `${site.callee?.name ?? "-"}: ${site.stratum}`;
    if (site.must.length > 0) return `${head} must ${shown(site.must)}`;
    if (site.may.length > 0) return `${head} may${site.complete ? "!" : ""} ${shown(site.may)}`;
    return `${head} unknown ${site.reason}`;
  });
  expect(lines).toEqual(expected);
}

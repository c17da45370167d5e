/** The corpus as one TypeScript program. */
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript-classic";
import type { CorpusSpec } from "../../manifest.ts";

export interface CorpusProgram {
  checker: ts.TypeChecker;
  /** Files under measure. */
  measured: ts.SourceFile[];
  /** Files under measure and those around them that calls may enter. */
  project: ts.SourceFile[];
  /** True for files of the project, false for `lib.d.ts`, `node_modules` and everything else outside. */
  isProject(source: ts.SourceFile): boolean;
}

/** Checks `measured` and `context` (relative to `root`) as one closed program under the corpus's own options. */
export function createCorpusProgram(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  compilerOptions: CorpusSpec["compilerOptions"];
}): CorpusProgram {
  const { root } = options;
  const converted = ts.convertCompilerOptionsFromJson(options.compilerOptions, root);
  const compilerOptions: ts.CompilerOptions = {
    ...converted.options,
    noEmit: true,
    skipLibCheck: true,
    typeRoots: [nodeTypeRoot()],
  };
  const measured = new Set(options.measured.map((file) => path.join(root, file)));
  const project = new Set([...measured, ...options.context.map((file) => path.join(root, file))]);
  const program = ts.createProgram({ rootNames: [...project].sort(), options: compilerOptions });
  const files = program.getSourceFiles().filter((source) => project.has(source.fileName));
  return {
    checker: program.getTypeChecker(),
    measured: files.filter((source) => measured.has(source.fileName)),
    project: files,
    isProject: (source) => project.has(source.fileName),
  };
}

/** The folder that holds our own pinned `@types/node`: corpora are checked against it, not against what they bring. */
function nodeTypeRoot(): string {
  const manifest = createRequire(import.meta.url).resolve("@types/node/package.json");
  return path.dirname(path.dirname(manifest));
}

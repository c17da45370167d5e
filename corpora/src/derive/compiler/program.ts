/** The corpus as one TypeScript program. */
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript-classic";
import type { CorpusSpec } from "../../manifest.ts";

export interface CorpusProgram {
  program: ts.Program;
  checker: ts.TypeChecker;
  /** Files under measure. */
  measured: ts.SourceFile[];
  /** Files under measure and those around them that calls may enter. */
  project: ts.SourceFile[];
  /** Decorators are those from before the standard. */
  legacyDecorators: boolean;
  /** True for files of the project, false for `lib.d.ts`, `node_modules` and everything else outside. */
  isProject(source: ts.SourceFile): boolean;
}

/** A text that stands for a file of the corpus (absolute path), and the program before, of which the rest is used again. */
export interface Changed {
  file: string;
  text: string;
  before: ts.Program;
}

/** Checks `measured` and `context` (relative to `root`) as one closed program under the corpus's own options. */
export function createCorpusProgram(options: {
  root: string;
  measured: readonly string[];
  context: readonly string[];
  compilerOptions: CorpusSpec["compilerOptions"];
  changed?: Changed;
}): CorpusProgram {
  const { root, changed } = options;
  const converted = ts.convertCompilerOptionsFromJson(options.compilerOptions, root);
  const compilerOptions: ts.CompilerOptions = {
    ...converted.options,
    noEmit: true,
    skipLibCheck: true,
    typeRoots: [nodeTypeRoot()],
  };
  const measured = new Set(options.measured.map((file) => path.join(root, file)));
  const project = new Set([...measured, ...options.context.map((file) => path.join(root, file))]);
  const host = closedHost(root, compilerOptions, project);
  const program = ts.createProgram({
    rootNames: [...project].sort(),
    options: compilerOptions,
    host: changed === undefined ? host : withChange(host, changed),
    ...(changed === undefined ? {} : { oldProgram: changed.before }),
  });
  const files = program.getSourceFiles().filter((source) => project.has(source.fileName));
  return {
    program,
    checker: program.getTypeChecker(),
    measured: files.filter((source) => measured.has(source.fileName)),
    project: files,
    legacyDecorators: compilerOptions.experimentalDecorators === true,
    isProject: (source) => project.has(source.fileName),
  };
}

/**
 * A view of the disk without any `node_modules` around the corpus: what happens to be installed in the folders above the
 * cache must not change the truth. Only our own `@types/node` and the compiler's libraries are let through.
 */
function closedHost(root: string, options: ts.CompilerOptions, project: ReadonlySet<string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const ours = [
    nodeTypeRoot(),
    realpathSync(path.join(nodeTypeRoot(), "node")),
    path.dirname(host.getDefaultLibLocation?.() ?? ""),
  ];
  // `@types/node` needs `undici-types`, which lies beside it.
  const around = ours.map((folder) => folder.slice(0, folder.lastIndexOf(`${path.sep}node_modules${path.sep}`) + 1));
  const visible = (file: string): boolean => {
    // Declarations beside a source would hide what it defines.
    const source = DECLARATIONS.exec(file);
    if (source !== null && project.has(`${source[1]}.${source[2]}js`) && !project.has(file)) return false;
    if (!file.includes(`${path.sep}node_modules`) || file.startsWith(root + path.sep)) return true;
    return [...ours, ...around.filter((folder) => folder.includes(`${path.sep}.pnpm${path.sep}`))].some((folder) =>
      file.startsWith(folder),
    );
  };
  // Where modules lie changes no declaration: corpora that differ in this alone share what was parsed.
  const settings = JSON.stringify({ ...options, paths: undefined, baseUrl: undefined, pathsBasePath: undefined });
  return {
    ...host,
    // `paths` of the corpus are relative to it, not to where this runs.
    getCurrentDirectory: () => root,
    getSourceFile: (file, target, ...rest) => {
      if (file.startsWith(root + path.sep)) return host.getSourceFile(file, target, ...rest);
      const key = `${settings}|${file}`;
      const source = libraries.get(key) ?? host.getSourceFile(file, target, ...rest);
      if (source !== undefined) libraries.set(key, source);
      return source;
    },
    fileExists: (file) => visible(file) && host.fileExists(file),
    readFile: (file) => (visible(file) ? host.readFile(file) : undefined),
    directoryExists: (folder) => visible(folder) && host.directoryExists?.(folder) !== false,
  };
}

/** Sources that did not change are those of the program before, as they were parsed. */
function withChange(host: ts.CompilerHost, { file, text, before }: Changed): ts.CompilerHost {
  return {
    ...host,
    getSourceFile: (name, target, ...rest) =>
      name === file
        ? ts.createSourceFile(name, text, target, true)
        : (before.getSourceFile(name) ?? host.getSourceFile(name, target, ...rest)),
  };
}

const DECLARATIONS = /^(.*)\.d\.([cm]?)ts$/;

/** Declarations of the language and of Node, parsed once for each set of options. */
const libraries = new Map<string, ts.SourceFile>();

/** The folder that holds our own pinned `@types/node`: corpora are checked against it, not against what they bring. */
function nodeTypeRoot(): string {
  const manifest = createRequire(import.meta.url).resolve("@types/node/package.json");
  return path.dirname(path.dirname(manifest));
}

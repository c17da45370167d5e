/** What the compiler says about a changed TypeScript corpus that it did not say before. */
import path from "node:path";
import ts from "typescript-classic";
import type { FetchedCorpus } from "../../fetch.ts";
import type { NewDiagnostic } from "../../truth/mutation.ts";
import { createCorpusProgram } from "../compiler/program.ts";

/** The compiler, with the corpus as it is: the files under measure and those around them, no test file. */
export interface TypeCheck {
  version: string;
  /** Errors in any of these files that are new when `file` has this text, in the order of files and places. */
  newErrors(file: string, text: string): NewDiagnostic[];
  /** How many there are in the corpus as it is. */
  readonly known: number;
}

/** Checks the corpus as it is; its own errors, such as packages that are not there, count as known. */
export function createTypeCheck(
  { spec, root, files }: Pick<FetchedCorpus, "spec" | "root" | "files">,
  context: readonly string[],
): TypeCheck {
  const options = { root, measured: files, context, compilerOptions: spec.compilerOptions };
  const { program } = createCorpusProgram(options);
  const known = errorsOf(program, root);
  return {
    version: ts.version,
    known: known.length,
    newErrors: (file, text) => {
      const changed = { file: path.join(root, file), text, before: program };
      return added(known, errorsOf(createCorpusProgram({ ...options, changed }).program, root));
    },
  };
}

interface Found extends NewDiagnostic {
  message: string;
  /** The line of text that it stands on. */
  text: string;
}

function errorsOf(program: ts.Program, root: string): Found[] {
  const found: Found[] = [];
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(root + path.sep) || source.fileName.includes("/node_modules/")) continue;
    for (const one of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      if (one.category !== ts.DiagnosticCategory.Error || one.start === undefined) continue;
      const { line, character } = source.getLineAndCharacterOfPosition(one.start);
      found.push({
        file: path.relative(root, source.fileName).split(path.sep).join("/"),
        line: line + 1,
        column: character + 1,
        code: one.code,
        message: ts.flattenDiagnosticMessageText(one.messageText, "\n"),
        text: source.text.split("\n")[line]?.trim() ?? "",
      });
    }
  }
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
}

/** Of each error (file, code, message) those that there are more of than before; those on lines that had it stay known. */
function added(before: readonly Found[], after: readonly Found[]): NewDiagnostic[] {
  const keyOf = ({ file, code, message }: Found): string => `${file}\0${code}\0${message}`;
  const known = Map.groupBy(before, keyOf);
  const all = Map.groupBy(after, keyOf);
  const fresh = new Set<Found>();
  for (const [key, now] of all) {
    const was = known.get(key) ?? [];
    const lines = was.map(({ text }) => text);
    const elsewhere = now.filter(({ text }) => {
      const at = lines.indexOf(text);
      if (at !== -1) lines.splice(at, 1);
      return at === -1;
    });
    for (const one of elsewhere.slice(0, Math.max(0, now.length - was.length))) fresh.add(one);
  }
  return after.filter((one) => fresh.has(one)).map(({ file, line, column, code }) => ({ file, line, column, code }));
}

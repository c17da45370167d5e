/** Which languages the files of a folder are in, and which files are its code. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Language, SizeClass } from "../manifest.ts";
import { selectFiles } from "../tree.ts";

type Spoken = Exclude<Language, "mixed">;

const EXTENSIONS: Record<Spoken, readonly string[]> = {
  typescript: ["ts", "tsx", "mts", "cts"],
  javascript: ["js", "jsx", "mjs", "cjs"],
  python: ["py"],
  rust: ["rs"],
  go: ["go"],
  java: ["java"],
  c: ["c", "h"],
  other: ["cc", "cpp", "cs", "hpp", "kt", "php", "rb", "scala", "swift"],
};

/** Code of others, made code, and code that only shows or checks the rest. */
export const NOT_MEASURED = [
  "**/node_modules/**",
  "**/.*/**",
  "**/{dist,build,out,target,coverage,vendor,third_party,site-packages,venv}/**",
  "**/{test,tests,__tests__,__mocks__,spec,e2e,fixtures,testdata,test-data,testing}/**",
  "**/{docs,doc,example,examples,demo,demos,bench,benches,benchmark,benchmarks}/**",
  "**/*.{test,spec,bench}.*",
  "**/{test_*,*_test,conftest}.py",
  "**/*_test.go",
  "**/*.min.*",
  "**/*.d.{ts,mts,cts}",
  "**/*.config.*",
] as const;

export interface LanguageSurvey {
  /** What most of the code is in; null when there is none that is known. */
  language: Language | null;
  /** Lines of code that is not left out above, by language, most first. */
  lines: { language: Spoken; files: number; lines: number }[];
  measure: { include: string[]; exclude: string[] };
}

/** @param files relative to `root`; a part of a language below a fifth of the rest is not measured */
export async function surveyLanguages(root: string, files: readonly string[]): Promise<LanguageSurvey> {
  const own = selectFiles(files, { include: ["**"], exclude: [...NOT_MEASURED] });
  const lines: LanguageSurvey["lines"] = [];
  for (const [language, extensions] of Object.entries(EXTENSIONS) as [Spoken, string[]][]) {
    const spoken = own.filter((file) => extensions.includes(extensionOf(file)));
    if (spoken.length > 0) lines.push({ language, files: spoken.length, lines: await countLines(root, spoken) });
  }
  lines.sort((a, b) => b.lines - a.lines);
  const [most, second] = lines;
  if (most === undefined) return { language: null, lines, measure: { include: ["**"], exclude: [] } };
  const isScript = (language: Spoken): boolean => language === "typescript" || language === "javascript";
  const mixed =
    second !== undefined && isScript(most.language) && isScript(second.language) && 5 * second.lines >= most.lines;
  const extensions = mixed ? [...EXTENSIONS.typescript, ...EXTENSIONS.javascript] : EXTENSIONS[most.language];
  return { language: mixed ? "mixed" : most.language, lines, measure: globsFor(files, own, extensions) };
}

/** The folders at the top that hold code, and of the patterns above those that leave something out of them. */
function globsFor(
  files: readonly string[],
  own: readonly string[],
  extensions: readonly string[],
): LanguageSurvey["measure"] {
  const used = extensions.filter((extension) => own.some((file) => extensionOf(file) === extension));
  const ending = used.length === 1 ? `*.${used[0]}` : `*.{${used.join(",")}}`;
  const code = own.filter((file) => used.includes(extensionOf(file)));
  const tops = new Set(code.map((file) => (file.includes("/") ? (file.split("/")[0] ?? "") : "")));
  const include = [...tops].sort().map((top) => (top === "" ? ending : `${top}/**/${ending}`));
  const candidates = selectFiles(files, { include, exclude: [] });
  const exclude = NOT_MEASURED.filter((pattern) => candidates.some((file) => path.matchesGlob(file, pattern)));
  return { include, exclude };
}

/** Lines of text files together. */
export async function countLines(root: string, files: readonly string[]): Promise<number> {
  let lines = 0;
  for (const file of files) {
    const bytes = await readFile(path.join(root, file));
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
    if (bytes.length > 0 && bytes.at(-1) !== 0x0a) lines += 1;
  }
  return lines;
}

export function sizeClassOf(lines: number): SizeClass {
  if (lines < 10_000) return "small";
  if (lines < 100_000) return "medium";
  return lines < 500_000 ? "large" : "huge";
}

/** Whether a file is in a language, or in any that is known, by the ending of its name. */
export function isIn(file: string, language?: Language): boolean {
  const asked = Object.entries(EXTENSIONS).filter(([name]) => language === undefined || name === language);
  return asked.some(([, extensions]) => extensions.includes(extensionOf(file)));
}

function extensionOf(file: string): string {
  return path.posix.extname(file).slice(1);
}

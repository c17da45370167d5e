/** Formulas with their sources, read from the doc comments of the code that computes the figures. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What one function computes, in the words above it. */
export interface Formula {
  /** Its name in words, such as "risk coverage area". */
  name: string;
  /** From the root of the repository. */
  file: string;
  /** Paragraphs and, where a paragraph is a list, its points. */
  text: string[][];
  /** Papers and books, as the comment names them. */
  source: string;
}

/** Folders of code that computes published figures, and what they are about. */
export const FORMULA_FOLDERS = {
  "cibench/src": "Scores, ranks and calibration",
  "harness/src": "Timings, changes of level and the gate",
  "corpora/src": "What reading truth found",
} as const;

const DOCUMENTED =
  /\/\*\*((?:(?!\*\/)[^])*?@see(?:(?!\*\/)[^])*)\*\/\s*(?:export\s+)?(?:async\s+)?(?:function\*?|const)\s+(\w+)/g;

/** Every function below `folder` of the repository at `root` whose comment names a source, by file; empty where there is no such folder. */
export function readFormulas(root: string, folder: string): Formula[] {
  return filesBelow(path.join(root, folder)).flatMap((file) => {
    const text = readFileSync(path.join(root, folder, file), "utf8");
    return [...text.matchAll(DOCUMENTED)].map(([, comment = "", name = ""]) => ({
      ...{ name: inWords(name), file: `${folder}/${file}`, ...readComment(comment) },
    }));
  });
}

function filesBelow(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names
      .filter((name) => name.endsWith(".ts"))
      .map((name) => name.replaceAll(path.sep, "/"))
      .toSorted();
  } catch {
    return []; // The site is built without the code.
  }
}

function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
}

/** What stands before the first tag, and what `@see` names. */
function readComment(comment: string): Pick<Formula, "text" | "source"> {
  const lines = comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n");
  const [words = ""] = lines.split(/(?:^|\s)@\w/, 1);
  const [, source = ""] = /@see\s+((?:(?!\n@)[^])*)/.exec(lines) ?? [];
  const text = words
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split(/\n(?=- )/).map(plain));
  return { text: text.filter((points) => points[0] !== ""), source: plain(source) };
}

/** One line without the marks that only an editor reads. */
function plain(text: string): string {
  return text
    .replaceAll(/\{@link (\w+)\}/g, "$1")
    .replaceAll(/\s+/g, " ")
    .replace(/^- /, "")
    .trim();
}

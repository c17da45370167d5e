/** Whether text beside a call gives its answer away: comments in real code, comments and names in generated code. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isJudged } from "../truth/item-score.ts";
import type { CallGraphTruth, SiteTruth } from "../truth/schema.ts";
import type { Finding } from "./finding.ts";

/** Words that say that something is an answer; generated names must not have them. */
const TELLING = /expected|answer|target|callee|truth|oracle|should_?call|calls_|goes_?to|resolves_?to/i;

/**
 * Judged calls, not easy anyway, beside which a comment names a target that the callee's own name does not give away. A
 * comment counts when it stands on a line of the call or directly above it.
 */
export async function findLeaks(truth: CallGraphTruth, root: string, isGenerated: boolean): Promise<Finding[]> {
  const names = new Map(truth.definitions.map(({ id, name }) => [id, name.split(".").at(-1) ?? name]));
  const find = (at: string, message: string): Finding => ({ corpus: truth.corpus, rule: "answer-leak", at, message });
  const findings: Finding[] = [];
  const texts = new Map<string, string>();
  for (const [file, sites] of Map.groupBy(truth.sites, ({ file: of }) => of)) {
    const text = await readFile(path.join(root, file), "utf8").catch(() => "");
    texts.set(file, text);
    const comments = commentsByLine(file, text);
    for (const site of sites) {
      const told = toldBy(site, comments, names);
      if (told !== undefined) findings.push(find(site.id, `a comment beside the call names its target ${told}`));
    }
  }
  if (!isGenerated) return findings;
  const files = truth.files.map((file) => ({ file, text: texts.get(file) ?? "" }));
  return [...findings, ...findTellingText(files, truth.definitions).map(({ at, message }) => find(at, message))];
}

/**
 * What gives answers away in generated code: comments of any kind, telling names of files and of what they define.
 *
 * @param names of definitions, each with the id by which it is reported
 */
export function findTellingText(
  files: readonly { file: string; text: string }[],
  names: readonly { id: string; name: string }[],
): Pick<Finding, "at" | "message">[] {
  return [
    ...files
      .filter(({ file, text }) => commentsByLine(file, text).size > 0)
      .map(({ file }) => ({ at: file, message: "generated code has a comment" })),
    ...files
      .filter(({ file }) => TELLING.test(file))
      .map(({ file }) => ({ at: file, message: "the file's name tells an answer" })),
    ...names
      .filter(({ name }) => TELLING.test(name))
      .map(({ id, name }) => ({ at: id, message: `the name ${name} tells an answer` })),
  ];
}

/** The name of a target that a comment gives away. */
function toldBy(
  site: SiteTruth,
  comments: ReadonlyMap<number, string>,
  names: ReadonlyMap<string, string>,
): string | undefined {
  if (!isJudged(site) || site.easy) return undefined;
  let beside = "";
  for (let line = site.span.line - 1; line <= site.span.endLine; line += 1) beside += ` ${comments.get(line) ?? ""}`;
  if (beside.trim() === "") return undefined;
  const words = new Set(beside.match(/[\w$#]+/g) ?? []);
  return site.must
    .map((target) => ("definition" in target ? (names.get(target.definition) ?? "") : ""))
    .find((name) => name !== site.callee?.name && isDistinctive(name) && words.has(name));
}

/** A name that prose would not use by chance: long, and written as code. */
function isDistinctive(name: string): boolean {
  return name.length >= 4 && /[a-z][A-Z]|_|\$|#|\d/.test(name);
}

/** The text of comments by line, found by pattern: a string that looks like a comment only makes the lint stricter. */
function commentsByLine(file: string, text: string): Map<number, string> {
  const found = new Map<number, string>();
  const pattern = /\.pyi?$/.test(file) ? /#[^\n]*/g : /\/\*[\s\S]*?\*\/|(?<![:\\/"'`])\/\/[^\n]*/g;
  let line = 1;
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    line += text.slice(last, match.index).split("\n").length - 1;
    last = match.index;
    match[0].split("\n").forEach((part, index) => {
      found.set(line + index, `${found.get(line + index) ?? ""} ${part}`);
    });
  }
  return found;
}

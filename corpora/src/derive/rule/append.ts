/** Puts texts behind the end of files, one text at a time, and asks the checker what it says now that it did not before. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readJson } from "../../cache.ts";
import { CorpusError } from "../../errors.ts";
import { appended, type RuleItem } from "../../truth/rule-schema.ts";
import { inRandomOrder } from "../../truth/sample.ts";
import { runSandboxed, type Sandbox } from "../sandbox.ts";
import { OWN_FOLDER } from "../sandbox/own-folder.ts";
import type { Checker } from "./checker.ts";

/** Runs with each change, which must say the same. */
export const REPEATS = 2;
/** Files of a corpus that are asked about; of more these many are drawn, folders taking turns. */
const MOST_FILES = 60;

/** One text behind the end of one file, and what the checker says; `form` is the place of the text in its pair of forms. */
export interface Asked {
  form: number;
  item: RuleItem;
}

/** Where checkers are asked. */
export interface Copy {
  /** The corpus as it is. */
  root: string;
  /** A scratch copy of it. */
  folder: string;
  sandbox: Sandbox;
}

/** Every text of the checker behind each of at most {@link MOST_FILES} files. */
export async function askEverywhere(
  checker: Checker,
  all: readonly string[],
  copy: Copy,
  options: { seed: number },
): Promise<{ asked: Asked[]; dropped: string[] }> {
  const files = drawFiles(all.filter(checker.reads), options.seed);
  const texts = await textsOf(copy.root, files);
  const questions = checker.texts.flatMap(({ name, forms }) => forms.map((ours, form) => ({ name, ours, form })));
  const [unchanged = [], ...runs] = await runChecker(checker, files, copy, [
    {},
    ...questions.map(({ ours }) => Object.fromEntries(files.map((file) => [file, ours]))),
  ]);
  const [before = new Map<string, string[]>()] = unchanged;
  const dropped = files.filter((file) => !before.has(file)).map(() => "the checker cannot read the file as it is");
  const asked: Asked[] = [];
  for (const [at, { name, ours, form }] of questions.entries()) {
    for (const [file, codes] of before) {
      const [said, ...others] = (runs[at] ?? []).map((run) => newCodes(codes, run.get(file)));
      const text = texts.get(file) ?? "";
      if (said == null) dropped.push("the checker cannot read the file with the text");
      else if (others.some((one) => JSON.stringify(one) !== JSON.stringify(said)))
        dropped.push("two runs say different things");
      else asked.push({ form, item: itemOf({ by: checker.name, name, form, file, text, ours, said }) });
    }
  }
  return { asked, dropped };
}

/** What the checker says about items asked about before, each of another file. @returns items that differ */
export async function askAgain(checker: Checker, items: readonly RuleItem[], copy: Copy): Promise<string[]> {
  const ours = Object.fromEntries(
    items.flatMap(({ proposal }) => (proposal.kind === "append" ? [[proposal.file, proposal.text] as const] : [])),
  );
  const files = Object.keys(ours);
  const texts = await textsOf(copy.root, files);
  const [unchanged = [], changed = []] = await runChecker(checker, files, copy, [{}, ours]);
  const [before, after] = [unchanged[0], changed[0]];
  return items.flatMap(({ id, proposal, said, verdict }) => {
    if (proposal.kind !== "append") return [];
    const text = texts.get(proposal.file) ?? "";
    if (sha256(text) !== proposal.before || sha256(appended(text, proposal.text)) !== proposal.after)
      return [`${id}: another text`];
    const now = newCodes(before?.get(proposal.file) ?? [], after?.get(proposal.file));
    const same = JSON.stringify(now) === JSON.stringify(said) && said.length > 0 === (verdict === "violates");
    return same ? [] : [`${id}: ${checker.name} says ${now?.join(", ") ?? "nothing readable"}, not ${said.join(", ")}`];
  });
}

async function textsOf(root: string, files: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(path.join(root, file), "utf8"));
  return texts;
}

// --- runs ------------------------------------------------------------------------------------------------------------

const TIMEOUT_MS = 900_000;

const DRIVER = fileURLToPath(new URL("./ask.mts", import.meta.url));

/** By question and repeat: codes by file. @throws CorpusError `CORPUS_TRUTH` when the checker does not come to its end */
async function runChecker(
  checker: Checker,
  files: readonly string[],
  { folder, sandbox }: Copy,
  questions: readonly Record<string, string>[],
): Promise<Map<string, string[]>[][]> {
  const own = path.join(folder, OWN_FOLDER);
  await mkdir(own, { recursive: true });
  const { command } = checker;
  await writeFile(path.join(own, "plan.json"), JSON.stringify({ command, files, questions, repeats: REPEATS }));
  await copyFile(DRIVER, path.join(own, "ask.mts"));
  const driver = [process.execPath, `${OWN_FOLDER}/ask.mts`];
  const ended = await runSandboxed({ sandbox, command: driver, folder, env: {}, timeoutMs: TIMEOUT_MS });
  if (ended.exitCode !== 0) {
    throw new CorpusError("CORPUS_TRUTH", `${checker.name} does not come to its end`, { hint: ended.tail });
  }
  const said: Map<string, string[]>[][] = [];
  for (const at of questions.keys()) {
    const runs: Map<string, string[]>[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1)
      runs.push(checker.read(await readJson(path.join(own, `said-${at}-${repeat}.json`)), folder, files));
    said.push(runs);
  }
  return said;
}

/** Codes said more often than before, sorted, each once; null when the file could not be read. */
export function newCodes(before: readonly string[], after: readonly string[] | undefined): string[] | null {
  if (after === undefined) return null;
  const times = (codes: readonly string[], code: string): number => codes.filter((one) => one === code).length;
  return [...new Set(after)].filter((code) => times(after, code) > times(before, code)).sort();
}

/** Folders take turns, so that a small one with rules of its own is there beside a large one. */
export function drawFiles(files: readonly string[], seed: number): string[] {
  const shuffled = inRandomOrder(
    files.map((id) => ({ id })),
    seed,
  );
  const folders = [...Map.groupBy(shuffled, ({ id }) => id.split("/").slice(0, -1).slice(0, 2).join("/")).values()];
  const drawn: string[] = [];
  for (let turn = 0; drawn.length < Math.min(MOST_FILES, files.length); turn += 1) {
    for (const folder of folders) {
      const next = folder[turn];
      if (next !== undefined && drawn.length < MOST_FILES) drawn.push(next.id);
    }
  }
  return drawn.sort();
}

function itemOf(about: {
  by: string;
  name: string;
  form: number;
  file: string;
  text: string;
  ours: string;
  said: string[];
}): RuleItem {
  const { by, name, form, file, text, ours, said } = about;
  return {
    id: `${file} + ${name} ${form + 1}`,
    by,
    name,
    proposal: { kind: "append", file, text: ours, before: sha256(text), after: sha256(appended(text, ours)) },
    verdict: said.length > 0 ? "violates" : "allowed",
    said,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

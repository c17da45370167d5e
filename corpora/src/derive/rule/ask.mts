/**
 * Copied into the scratch copy and run there, within the sandbox: puts our texts behind the ends of files and runs the
 * checker, for every question. One process for all of them, since the start of a sandbox takes longer than a checker.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** As `runChecker` in `append.ts` writes it. */
interface Plan {
  command: string[];
  files: string[];
  /** For each question, what stands behind the end of which files. */
  questions: Record<string, string>[];
  repeats: number;
}

const own = import.meta.dirname;
const { command, files, questions, repeats } = JSON.parse(readFileSync(path.join(own, "plan.json"), "utf8")) as Plan;
const [program = "", ...args] = command;
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

for (const [at, ours] of questions.entries()) {
  for (const [file, text] of texts) {
    const added = ours[file];
    const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    writeFileSync(file, added === undefined ? text : `${whole}\n\n${added}\n`);
  }
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const { status, stdout, stderr } = spawnSync(program, [...args, ...files], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    if (status === null || stdout === "") throw new Error(`the checker says nothing: ${stderr}`);
    writeFileSync(path.join(own, `said-${at}-${repeat}.json`), stdout);
  }
}

/** `cibench free-text draw`: questions for real answers, from truth alone. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { CANARY, DeletionTruth, ReleaseTruth } from "@drift/corpora";
import type { Command } from "commander";
import { drawBreaks, drawCallers, drawCalls, drawDead, drawReleases } from "../../probes/free-text/draw-questions.ts";
import { FreeTextStudy, type StudyQuestion } from "../../schema/free-text-study.ts";
import { EXIT, type Io } from "../io.ts";
import { writeOutput } from "../output.ts";
import { mergeTruth, readTruth } from "../read-truth.ts";

/** Questions of each file. */
const COUNT = { call: 3, callers: 3, break: 6, dead: 4, release: 4 } as const;

interface DrawFlags {
  truth: string[];
  out?: string;
}

export function addFreeTextDrawCommand(freeText: Command, io: Io, finish: (exitCode: number) => void): void {
  freeText
    .command("draw")
    .description(
      "Questions about calls, callers, broken tests, dead code and releases, with rubrics: a study without answers.",
    )
    .requiredOption("--truth <files...>", "truth as corpora stores it; of releases only beside that about calls")
    .option("--out <file>", "write the study here instead of to standard output")
    .action(async ({ truth, out }: DrawFlags) => {
      const how = { answers: "not answered yet", labels: "not labelled yet" };
      const study = FreeTextStudy.parse({
        ...{ schemaVersion: 1, canary: CANARY, how },
        ...{ questions: await questionsOf(truth), answers: [] },
      });
      const text = `${JSON.stringify(study, null, 2)}\n`;
      if (out === undefined) io.stdout(text);
      else await writeOutput(out, text);
      finish(EXIT.fine);
    });
}

async function questionsOf(files: readonly string[]): Promise<StudyQuestion[]> {
  const others: unknown[] = [];
  const known = [];
  for (const file of files) {
    const value = await otherTruth(file);
    if (value === null) known.push(await readTruth(file, "layered"));
    else others.push(value);
  }
  const merged = mergeTruth(known);
  return [
    ...merged.flatMap(({ truth: { truth, changes } }) => [
      ...(truth == null ? [] : [...drawCalls(truth, COUNT.call), ...drawCallers(truth, COUNT.callers)]),
      ...(changes == null ? [] : drawBreaks(changes.truth, COUNT.break)),
    ]),
    ...others.flatMap((value) => {
      const deletion = DeletionTruth.safeParse(value);
      if (deletion.success) return drawDead(deletion.data, COUNT.dead);
      const release = ReleaseTruth.parse(value);
      const calls = merged.find(({ corpus }) => corpus === release.corpus)?.truth.truth;
      return calls == null ? [] : drawReleases(release, calls, COUNT.release);
    }),
  ];
}

/** Truth about dead code or releases; null when the file holds another kind. */
async function otherTruth(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return null;
  try {
    const value: unknown = JSON.parse(gunzipSync(bytes).toString("utf8"));
    return DeletionTruth.safeParse(value).success || ReleaseTruth.safeParse(value).success ? value : null;
  } catch {
    return null;
  }
}

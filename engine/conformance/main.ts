/** `pnpm conformance`: what the engine makes of each feature of the languages it reads. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { type Judged, judge } from "./judge.ts";
import { reasonOf, stillFailing } from "./known-gaps.ts";
import { LANGUAGES, type Language } from "./languages.ts";
import { featureRows, markdownTable, withTable } from "./table.ts";

const HELP = `Usage: pnpm conformance [options]

Asks the engine about the conformance cases and prints a table of features for each language.

Options:
  --language L the cases of this language only: javascript (with TypeScript), python
  --failures   print each case that fails: its program, what it does, what the engine answers
  --json       print the rows of the tables as JSON
  --write      write the tables into the README, and take what passes now off the lists of known gaps
  --help       print this

Exit codes: 0 every failure is a known gap, and every known gap fails; 1 not so; 2 bad arguments; 70 a bug in Drift.
`;
const README = new URL("../README.md", import.meta.url);
const OPTIONS = {
  language: { type: "string" },
  failures: { type: "boolean" },
  json: { type: "boolean" },
  write: { type: "boolean" },
  help: { type: "boolean" },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const options = parse(argv);
  if (options === undefined) return 2;
  if (options.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const languages = LANGUAGES.filter(({ name }) => (options.language ?? name) === name);
  if (languages.length === 0) {
    process.stderr.write(`conformance: no language ${options.language}\n`);
    return 2;
  }
  const rows = [];
  let surprises = 0;
  for (const language of languages) {
    const { name, cases, gaps } = language;
    const judged = await judge(cases);
    const rowsHere = featureRows(judged, gaps);
    rows.push(...rowsHere.map((row) => ({ language: name, ...row })));
    if (options.write === true) await write(language, judged);
    else surprises += reportSurprises(language, judged);
    if (options.failures === true) process.stdout.write(judged.map(shown).join(""));
    else if (options.json !== true && options.write !== true) process.stdout.write(`${markdownTable(rowsHere)}\n\n`);
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  return surprises === 0 ? 0 : 1;
}

/** The table into the README, and the known gaps without what passes. */
async function write({ name, gaps, gapsFile }: Language, judged: readonly Judged[]): Promise<void> {
  const readme = withTable(await readFile(README, "utf8"), name, markdownTable(featureRows(judged, gaps)));
  await writeFile(README, await format(readme, { ...(await resolveConfig(README)), parser: "markdown" }));
  const failing = new Set(judged.flatMap(({ one, problems }) => (problems.length > 0 ? [one.behaviour] : [])));
  const file = new URL(gapsFile, import.meta.url);
  const still = JSON.stringify(stillFailing(gaps, failing));
  await writeFile(file, await format(still, { ...(await resolveConfig(file)), parser: "json" }));
}

/** Says which cases fail that are no known gaps, and which known gaps pass; returns how many. */
function reportSurprises({ gaps }: Language, judged: readonly Judged[]): number {
  const surprises = judged.filter(
    ({ one, problems }) => problems.length > 0 !== (reasonOf(gaps, one.behaviour) !== undefined),
  );
  for (const { one, problems } of surprises) {
    process.stderr.write(`${problems.length > 0 ? "fails" : "passes, though a known gap"}: ${one.behaviour}\n`);
  }
  return surprises.length;
}

function parse(
  argv: string[],
): { language?: string; failures?: boolean; json?: boolean; write?: boolean; help?: boolean } | undefined {
  try {
    return parseArgs({ args: argv, options: OPTIONS }).values;
  } catch (error) {
    process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

function shown({ one, problems }: Judged): string {
  if (problems.length === 0) return "";
  const programs = one.code.map((file) => `\`\`\`\n// ${file}\n${one.files[file] ?? ""}\n\`\`\`\n`);
  const wrong = problems.map((problem) => `- ${problem}`).join("\n");
  return `## ${one.feature}: ${one.behaviour}\n\n${wrong}\n\n${programs.join("\n")}\n`;
}

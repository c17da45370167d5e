/** `pnpm conformance`: what the engine makes of each feature of JavaScript and TypeScript. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { CASES } from "@drift/corpora/conformance";
import { format, resolveConfig } from "prettier";
import { type Judged, judge } from "./judge.ts";
import { reasonOf, stillFailing } from "./known-gaps.ts";
import { featureRows, markdownTable, withTable } from "./table.ts";

const HELP = `Usage: pnpm conformance [options]

Asks the engine about the conformance cases and prints a table of features.

Options:
  --failures   print each case that fails: its program, what it does, what the engine answers
  --json       print the rows of the table as JSON
  --write      write the table into the README, and take what passes now off the list of known gaps
  --help       print this

Exit codes: 0 every failure is a known gap, and every known gap fails; 1 not so; 2 bad arguments; 70 a bug in Drift.
`;
const KNOWN_GAPS = new URL("known-gaps.json", import.meta.url);
const README = new URL("../README.md", import.meta.url);
const OPTIONS = {
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
  const judged = await judge(CASES);
  const rows = featureRows(judged);
  if (options.failures === true) process.stdout.write(judged.map(shown).join(""));
  else if (options.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (options.write !== true) process.stdout.write(`${markdownTable(rows)}\n`);
  if (options.write === true) {
    const readme = withTable(await readFile(README, "utf8"), markdownTable(rows));
    await writeFile(README, await format(readme, { ...(await resolveConfig(README)), parser: "markdown" }));
    const failing = new Set(judged.flatMap(({ one, problems }) => (problems.length > 0 ? [one.behaviour] : [])));
    const gaps = JSON.stringify(stillFailing(failing));
    await writeFile(KNOWN_GAPS, await format(gaps, { ...(await resolveConfig(KNOWN_GAPS)), parser: "json" }));
    return 0;
  }
  const surprises = judged.filter(
    ({ one, problems }) => problems.length > 0 !== (reasonOf(one.behaviour) !== undefined),
  );
  for (const { one, problems } of surprises) {
    process.stderr.write(`${problems.length > 0 ? "fails" : "passes, though a known gap"}: ${one.behaviour}\n`);
  }
  return surprises.length === 0 ? 0 : 1;
}

function parse(argv: string[]): { [name in keyof typeof OPTIONS]?: boolean } | undefined {
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

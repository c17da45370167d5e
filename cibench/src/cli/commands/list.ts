/** `cibench list`: what is measured and what is not, on which corpora, for which tools. */
import { APART } from "@drift/corpora";
import type { Command } from "commander";
import { ADAPTERS, PEERS } from "../../adapters/all.ts";
import { drawTable } from "../../draw-table.ts";
import { definitionOf } from "../../categories/all.ts";
import { SUITE_VERSION } from "../../run.ts";
import { reasonNotMeasured } from "../../run-scores.ts";
import { ListOutput } from "../../schema/cli-output.ts";
import { ATTAINABLE_WEIGHT, CATEGORIES, type Category } from "../../schema/task.ts";
import { EXIT, type Io } from "../io.ts";
import { jsonOption } from "../options.ts";

export function addListCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("list")
    .description("Show categories with weight and state, corpora, and tools.")
    .addOption(jsonOption())
    .action(({ json }: { json: boolean }) => {
      const output = ListOutput.parse(inventory(io));
      io.stdout(json ? `${JSON.stringify(output, null, 2)}\n` : tables(output));
      finish(EXIT.fine);
    });
}

function inventory(io: Io): ListOutput {
  const categories = Object.entries(CATEGORIES).map(([name, { title, level, weight }]) => {
    const category = name as Category;
    const measured = definitionOf(category) !== undefined;
    const state = measured ? ("measured" as const) : ("not-measured" as const);
    return { category, title, level, weight, state, reason: measured ? null : reasonNotMeasured(category) };
  });
  const corpora = io.corpora
    .list()
    .map(({ id, kind, version, language, licence, split }) => ({ id, kind, version, language, licence, split }));
  const tools = [...Object.values(ADAPTERS), ...Object.values(PEERS)].map(({ name, role }) => ({ name, role }));
  return { schemaVersion: 1, suite: { name: "cibench", version: SUITE_VERSION }, categories, corpora, tools };
}

function tables({ categories, corpora, tools }: ListOutput): string {
  const measured = categories.filter((one) => one.state === "measured").reduce((sum, one) => sum + one.weight, 0);
  const parts = [
    drawTable(
      ["level", "category", "weight", "state"],
      categories.map((one) => [
        one.level,
        one.title,
        one.weight,
        one.reason === null ? one.state : `not measured: ${one.reason}`,
      ]),
    ),
    `Measured: ${measured} of ${ATTAINABLE_WEIGHT} points; the ${100 - ATTAINABLE_WEIGHT} of level 4 wait for human judgement.`,
    drawTable(
      ["corpus", "kind", "version", "language", "licence", "split"],
      corpora.map((one) => [one.id, one.kind, one.version, one.language, one.licence, one.split]),
    ),
    `Apart: corpora in ${[...APART].join(", ")} are in no total; they are scored when they, or their language, are named.`,
    drawTable(
      ["tool", "role"],
      tools.map((one) => [one.name, one.role]),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

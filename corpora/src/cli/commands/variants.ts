/** `corpora variants`: a corpus under other names or with other comments, and the table of what changed. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { type Command, Option } from "commander";
import { createFolder, readJson } from "../../cache.ts";
import { CorpusError, isCode } from "../../errors.ts";
import type { FetchedCorpus } from "../../fetch.ts";
import { freshCorpus, freshOf } from "../../generate/layered/fresh.ts";
import { checkVariant, type Compared, isSame, type VariantCheck } from "../../variants/check.ts";
import { VARIANT_FILE, VARIANT_FOLDER, writeVariant } from "../../variants/make.ts";
import { VariantKind, VariantTable } from "../../variants/schema.ts";
import {
  bring,
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  EXIT,
  fetchOptions,
  type Finish,
  jsonOption,
  offlineOption,
  print,
  reporter,
  wholeNumber,
} from "../world.ts";

interface Flags extends CommonFlags {
  kind: VariantKind;
  seed: number;
  out: string;
  check?: boolean;
}

export function addVariantsCommand(program: Command, world: CliWorld, finish: Finish): void {
  program
    .command("variants <id>")
    .description("write a corpus under other names or with other comments, and a table of what changed")
    .addOption(
      new Option(
        "--kind <kind>",
        "renamed: names that mean nothing; misleading: names of each other; uncommented; lying: comments that are not so",
      )
        .choices(VariantKind.options)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--seed <number>", "the same seed gives the same bytes")
        .argParser(wholeNumber(0, 2 ** 31 - 1))
        .default(1),
    )
    .addOption(
      new Option(
        "--out <folder>",
        `new or empty; it gets ${VARIANT_FOLDER}/ and ${VARIANT_FILE}`,
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--check",
        "compare it with the corpus: syntax, bindings, errors, tests, and what calls enter; runs its tests",
      ),
    )
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .addHelpText(
      "after",
      "\nAn id may also be <layered corpus>-fresh-<seed>. Nothing moves: new names are as long as the old ones.\n\n" +
        "Exit code: 0 it is written (and is the same under --check), 1 something else differs, 3 the corpus could not be had.",
    )
    .action(async (id: string, flags: Flags) => {
      const out = path.resolve(flags.out);
      const corpus = await had(id, flags, world);
      await assertEmpty(out);
      await createFolder(out, async (folder) => {
        await writeVariant(corpus, { kind: flags.kind, seed: flags.seed, env: world.env }, folder);
      });
      const table = VariantTable.parse(await readJson(path.join(out, VARIANT_FILE)));
      const variant = { ...corpus, root: path.join(out, VARIANT_FOLDER) };
      const options = { ...fetchOptions(flags, world), onProgress: reporter(world) };
      const checked = flags.check === true ? await checkVariant(corpus, variant, table, options) : null;
      print(world, flags, { schemaVersion: 1, out, ...summaryOf(table), checked }, [
        ...describe(table, out),
        ...(checked === null ? [] : describeCheck(checked)),
      ]);
      if (checked !== null && !isSame(checked)) finish(EXIT.no);
    });
}

async function had(id: string, flags: Flags, world: CliWorld): Promise<FetchedCorpus> {
  const fresh = freshOf(id);
  return fresh === null
    ? bring(id, flags, world)
    : freshCorpus(fresh.base, fresh.seed, { ...fetchOptions(flags, world), onProgress: reporter(world) });
}

async function assertEmpty(out: string): Promise<void> {
  const present = await readdir(out).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return [];
    if (isCode(error, "ENOTDIR")) return [out];
    throw error;
  });
  if (present.length === 0) return;
  throw new CorpusError("CORPUS_EXISTS", `${out} is not an empty folder`, {
    hint: "Give --out a folder that is new or empty; nothing is overwritten.",
  });
}

/** The table, with its long lists counted. */
function summaryOf({ shared, bindings, changed, ...rest }: VariantTable): object {
  return { ...rest, shared: shared.length, bindings: bindings.length, changed: changed.length };
}

function describe(table: VariantTable, out: string): string[] {
  const { kind, comments, left, leftOut } = table;
  const isNames = kind === "renamed" || kind === "misleading";
  return [
    `${table.corpus}, ${kind}: ${table.changed.length} files differ, in ${out}`,
    ...(isNames
      ? [
          `  ${table.renamed} of ${table.names} names have another one: ${table.shared.length} that files share, ${table.bindings.length} of one scope`,
          ...Object.entries(left).map(([reason, count]) => `  ${count} stay: ${reason}`),
        ]
      : [`  comments: ${comments.changed} changed, ${comments.added} added, ${comments.kept} that programs read kept`]),
    ...leftOut.map(({ file, reason }) => `  left out: ${file} (${reason})`),
  ];
}

function describeCheck(check: VariantCheck): string[] {
  const compared = (what: string, one: Compared | null): string[] =>
    one === null
      ? []
      : [
          `  ${what}: ${one.items} compared, ${one.differing.length} differ`,
          ...one.differing.slice(0, 20).map((id) => `    ${id}`),
        ];
  const { errors, tests, notRun } = check;
  return [
    ...compared("syntax trees", check.trees),
    ...compared("bindings", check.bindings),
    ...(errors === null ? [] : [`  errors of the compiler: ${errors.before} before, ${errors.after} in the variant`]),
    tests === null
      ? `  tests: not run (${notRun ?? "no reason was given"})`
      : `  tests: ${tests.before.passed} passed and ${tests.before.failed} failed before, ${tests.after.passed} and ${tests.after.failed} in the variant`,
    ...compared("calls, by the static oracle", check.static),
    ...(check.static === null || check.static.inOneAlone.length === 0
      ? []
      : [`    of ${check.static.inOneAlone.length} more it knows all targets in one of the two alone`]),
    ...compared("calls, by the trace", check.traced),
  ];
}

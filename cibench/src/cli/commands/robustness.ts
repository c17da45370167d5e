/** `cibench robustness`: what other names and other comments do to tools. */
import { VariantKind } from "@drift/corpora";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Adapter } from "../../adapters/adapter.ts";
import { renamedQuestions } from "../../adapters/renamed-questions.ts";
import { robustnessReport } from "../../report.ts";
import { type Run, runTool } from "../../run.ts";
import { RobustnessRecord, type VariantOf } from "../../schema/robustness.ts";
import { robustnessDrops } from "../../scores/robustness.ts";
import { EXIT, type Io, progressPrinter } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { type FetchedAndLoaded, type LoadedVariant, loadVariant, withoutChanges } from "../load-variants.ts";
import { corpusOption, freshSeedArgument, jsonOption, offlineOption, secondsArgument, seedOption } from "../options.ts";
import { addToRobustnessRecord } from "../robustness-record.ts";
import { addToolOptions, type ToolFlags, toolsOf } from "../tools.ts";

/** Layered projects of a seed that is fixed and public, calls alone, and small real corpora of split `fit`. */
const DEFAULT_CORPORA =
  "layered-typescript-fresh-20261201,layered-javascript-fresh-20261201,layered-python-fresh-20261201,calls-small,qs,mido";

interface Flags extends ToolFlags {
  corpus: string;
  variants: VariantKind[];
  variantSeed: number;
  seed: number;
  timeout: number;
  record?: string;
  offline: boolean;
  json: boolean;
}

type Entry = RobustnessRecord["entries"][number];

export function addRobustnessCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  addToolOptions(program.command("robustness"))
    .description("Ask tools about corpora and about the same under other names and comments, and show what that costs.")
    .addOption(corpusOption(DEFAULT_CORPORA))
    .addOption(
      new Option("--variants <list>", "kinds of variants, separated by commas")
        .argParser(variantsArgument)
        .default(VariantKind.options, VariantKind.options.join(",")),
    )
    .option("--variant-seed <n>", "what the variants are drawn by", freshSeedArgument, 1)
    .addOption(seedOption())
    .option("--timeout <seconds>", "per tool and corpus; after that the tool has not run", secondsArgument, 600)
    .option("--record <file>", "add what was found to the record in this file")
    .addOption(offlineOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExit code: 0 drops were measured, however large; 3 nothing could be compared.")
    .action(async (flags: Flags) => {
      finish(await robustness(flags, io));
    });
}

function variantsArgument(text: string): VariantKind[] {
  const kinds = text.split(",").map((one) => VariantKind.safeParse(one));
  if (kinds.some(({ success }) => !success))
    throw new InvalidArgumentError(`It must be some of ${VariantKind.options.join(", ")}, separated by commas.`);
  return [...new Set(kinds.flatMap(({ data }) => data ?? []))];
}

async function robustness(flags: Flags, io: Io): Promise<number> {
  const loaded = await loadCorpora(flags.corpus, flags.offline, io);
  const originals = await Promise.all(loaded.map(withoutChanges));
  const variants = new Map<VariantKind, LoadedVariant[]>();
  for (const kind of flags.variants) {
    const made: LoadedVariant[] = [];
    for (const corpus of originals) {
      const one = await loadVariant(corpus, kind, flags.variantSeed, io);
      if (one === null) io.stderr(`note: ${corpus.fetched.spec.id} has nothing that ${kind} would change\n`);
      else made.push(one);
    }
    variants.set(kind, made);
  }
  const entries: Entry[] = [];
  for (const adapter of toolsOf(flags)) {
    const entry = await entryOf(adapter, originals, variants, flags, io);
    if (flags.record !== undefined) await addToRobustnessRecord(flags.record, [entry]);
    entries.push(entry);
  }
  const output = RobustnessRecord.parse({ schemaVersion: 1, entries });
  io.stdout(flags.json ? `${JSON.stringify(output, null, 2)}\n` : robustnessReport(entries));
  return entries.some(({ drops }) => drops.length > 0) ? EXIT.fine : EXIT.nothingMeasured;
}

async function entryOf(
  adapter: Adapter,
  originals: readonly FetchedAndLoaded[],
  variants: ReadonlyMap<VariantKind, readonly LoadedVariant[]>,
  flags: Flags,
  io: Io,
): Promise<Entry> {
  const show = progressPrinter(io);
  const ask = (tool: Adapter, corpora: readonly FetchedAndLoaded[], what: string): Promise<Run> =>
    runTool({
      adapter: tool,
      corpora,
      seed: flags.seed,
      now: io.now,
      clock: io.clock,
      limits: { corpusTimeMs: flags.timeout * 1000 },
      onProgress: (corpus, phase, part, total) => show(`${adapter.name} on ${corpus}, ${what}: ${phase}`, part, total),
    });
  const original = await ask(adapter, originals, "as it is");
  const drops: Entry["drops"] = [];
  for (const [variant, made] of variants) {
    if (made.length === 0) continue;
    const ids = new Set(made.map(({ table }) => table.corpus));
    // A score is a mean over corpora: both are taken of the same ones.
    const isAll = ids.size === originals.length;
    const before = isAll
      ? original
      : await ask(
          adapter,
          originals.filter(({ fetched }) => ids.has(fetched.spec.id)),
          "as it is",
        );
    const places = new Map(made.map(({ table, places: own }) => [table.corpus, own]));
    const varied = await ask(
      renamedQuestions(adapter, places),
      made.map(({ corpus }) => corpus),
      variant,
    );
    const leftOut = new Map(made.map(({ table }) => [table.corpus, new Set(table.leftOut.map(({ file }) => file))]));
    drops.push(...robustnessDrops({ original: before, varied, variant, leftOut }, flags.seed));
  }
  const { subject, suite, startedAt } = original.report;
  return {
    tool: subject.name,
    toolVersion: subject.version,
    seed: flags.variantSeed,
    command: commandOf(adapter, flags),
    suiteVersion: suite.version,
    startedAt,
    variants: [...variants.values()].flat().map(({ table }) => extentOf(table)),
    drops,
  };
}

function commandOf(adapter: Adapter, { corpus, variants, variantSeed, seed }: Flags): string {
  const selector = (adapter.role === "contestant" ? adapter.selector : undefined) ?? `--adapter ${adapter.name}`;
  return `npm run --silent cibench -- robustness ${selector} --corpus ${corpus} --variants ${variants.join(",")} --variant-seed ${variantSeed} --seed ${seed}`;
}

function extentOf({ corpus, kind, renamed, names, comments, leftOut }: LoadedVariant["table"]): VariantOf {
  return { corpus, variant: kind, renamed, names, comments, leftOut: leftOut.length };
}

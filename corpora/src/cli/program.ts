/** The command line of this package: parses, calls, prints, and says how to exit. */
import { Command, CommanderError, Option } from "commander";
import { deriveCallGraphTruth } from "../derive/call-graph.ts";
import { CorpusError } from "../errors.ts";
import { type FetchedCorpus, fetchCorpus } from "../fetch.ts";
import { type CorpusSpec, listCorpora, MANIFEST_ROOT } from "../manifest.ts";
import type { Progress } from "../progress.ts";
import type { CallGraphTruth } from "../truth/schema.ts";
import { statsOf, type TruthStats } from "../truth/stats.ts";

/** What a command may use of the world. */
export interface CliWorld {
  env: Record<string, string | undefined>;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Where the manifests are; tests have their own. */
  manifestRoot?: string;
}

interface Flags {
  json?: boolean;
  offline?: boolean;
  cacheDir?: string;
  fresh?: boolean;
}

const EXIT = { fine: 0, badArguments: 2, missing: 3, bug: 70 } as const;

/** Runs one command; returns the exit code of style guide section 5 and throws nothing. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  const program = new Command("corpora")
    .description("Pinned codebases, and ground truth about them derived by machines.")
    .exitOverride()
    .configureOutput({ writeOut: world.stdout, writeErr: world.stderr });
  addCommands(program, world);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return EXIT.fine;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.badArguments;
    if (!(error instanceof CorpusError)) {
      world.stderr(
        `This is a bug in Drift: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      return EXIT.bug;
    }
    world.stderr(`corpora: ${error.message} (${error.code})\n${error.hint === undefined ? "" : `${error.hint}\n`}`);
    return error.code === "CORPUS_UNKNOWN" ? EXIT.badArguments : EXIT.missing;
  }
}

function addCommands(program: Command, world: CliWorld): void {
  const json = new Option("--json", "print the record instead of text");
  const offline = new Option("--offline", "use only what is in the cache");
  const cacheDir = new Option(
    "--cache-dir <folder>",
    "where corpora and truth are kept (default: $DRIFT_CACHE_DIR, else the user's cache)",
  );
  const about = "[ids...]";

  program
    .command("list")
    .description("every corpus this checkout knows")
    .addOption(json)
    .action((flags: Flags) => {
      const specs = listCorpora(world.manifestRoot ?? MANIFEST_ROOT);
      print(world, flags, specs, specs.map(describeSpec));
    });
  program
    .command(`fetch ${about}`)
    .description("bring corpora onto this computer, verified by hash (default: all)")
    .addOption(json)
    .addOption(offline)
    .addOption(cacheDir)
    .action(async (ids: string[], flags: Flags) => {
      const fetched = await each(ids, world, async (id) => bring(id, flags, world));
      const records = fetched.map(({ spec, root, files }) => ({
        id: spec.id,
        version: spec.version,
        root,
        files: files.length,
      }));
      print(
        world,
        flags,
        records,
        records.map((r) => `${r.id} ${r.version}  ${r.files} files under measure  ${r.root}`),
      );
    });
  program
    .command(`derive ${about}`)
    .description("derive the truth about every call, or read it from the cache (default: all)")
    .addOption(json)
    .addOption(offline)
    .addOption(cacheDir)
    .option("--fresh", "derive again even when the cache has it")
    .action(async (ids: string[], flags: Flags) => {
      const truths = await each(ids, world, async (id) => derive(await bring(id, flags, world), flags, world));
      print(
        world,
        flags,
        truths,
        truths.map((truth) => summary(statsOf(truth))),
      );
    });
  program
    .command(`stats ${about}`)
    .description("sites by kind: must, closed, traced, unknown, contradictions (default: all)")
    .addOption(json)
    .addOption(offline)
    .addOption(cacheDir)
    .action(async (ids: string[], flags: Flags) => {
      const stats = (await each(ids, world, async (id) => derive(await bring(id, flags, world), flags, world))).map(
        statsOf,
      );
      print(world, flags, stats, stats.map(table));
    });
}

async function each<T>(ids: readonly string[], world: CliWorld, run: (id: string) => Promise<T>): Promise<T[]> {
  const wanted = ids.length > 0 ? ids : listCorpora(world.manifestRoot ?? MANIFEST_ROOT).map((spec) => spec.id);
  const results: T[] = [];
  for (const id of wanted) results.push(await run(id));
  return results;
}

async function bring(id: string, flags: Flags, world: CliWorld): Promise<FetchedCorpus> {
  return fetchCorpus(id, {
    env: world.env,
    offline: flags.offline === true,
    onProgress: reporter(world),
    ...(flags.cacheDir === undefined ? {} : { cacheDir: flags.cacheDir }),
    ...(world.manifestRoot === undefined ? {} : { manifestRoot: world.manifestRoot }),
  });
}

async function derive(fetched: FetchedCorpus, flags: Flags, world: CliWorld): Promise<CallGraphTruth> {
  return deriveCallGraphTruth(fetched, {
    env: world.env,
    fresh: flags.fresh === true,
    onProgress: reporter(world),
    ...(flags.cacheDir === undefined ? {} : { cacheDir: flags.cacheDir }),
  });
}

/** A line on standard error for each tenth of a phase. */
function reporter(world: CliWorld): (progress: Progress) => void {
  let last = "";
  return ({ phase, done, total }) => {
    const tenth = total === 0 ? 0 : Math.floor((10 * done) / total);
    const key = `${phase} ${tenth}`;
    if (key === last) return;
    last = key;
    world.stderr(`${phase}: ${done}/${total}\n`);
  };
}

function print(world: CliWorld, flags: Flags, record: unknown, lines: readonly string[]): void {
  world.stdout(flags.json === true ? `${JSON.stringify(record)}\n` : `${lines.join("\n")}\n`);
}

function describeSpec(spec: CorpusSpec): string {
  const from =
    spec.source.type === "npm" ? `npm ${spec.source.name}` : `seed ${spec.source.seed}, ${spec.source.files} files`;
  return `${spec.id} ${spec.version}  ${spec.kind}, ${spec.language}, ${spec.licence}, ${spec.split}  ${from}`;
}

function summary(stats: TruthStats): string {
  const { all } = stats;
  const notes = stats.oracles.flatMap(({ name, notRun }) => (notRun === null ? [] : [`\n  ${name}: ${notRun}`]));
  return `${stats.corpus}: ${all.sites} calls, must ${all.must}, closed ${all.closed}, traced ${all.traced}, unknown ${percent(stats.unknownShare)}${notes.join("")}`;
}

function table(stats: TruthStats): string {
  const head = ["kind", "sites", "must", "may only", "closed", "traced", "unknown", "contradicted"];
  const rows = [
    ...stats.strata.map((s) => [
      s.stratum,
      s.sites,
      s.must,
      s.mayOnly,
      s.closed,
      s.traced,
      s.unknown,
      `${s.contradicted}/${s.checked}`,
    ]),
    [
      "all",
      stats.all.sites,
      stats.all.must,
      stats.all.mayOnly,
      stats.all.closed,
      stats.all.traced,
      stats.all.unknown,
      `${stats.dropped} dropped`,
    ],
  ].map((row) => row.map(String));
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return [summary(stats), line(head), ...rows.map(line), ""].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

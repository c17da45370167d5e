/** `corpora stats`: sites by kind. */
import type { Command } from "commander";
import { statsOf, type TruthStats } from "../../truth/stats.ts";
import {
  cacheDirOption,
  type CliWorld,
  type CommonFlags,
  forEachCorpus,
  IDS,
  jsonOption,
  offlineOption,
  print,
} from "../world.ts";
import { deriveOne, summary } from "./derive.ts";

export function addStatsCommand(program: Command, world: CliWorld): void {
  program
    .command(`stats ${IDS}`)
    .description("sites by kind: must, closed, traced, unknown, contradictions (default: all)")
    .addOption(jsonOption())
    .addOption(offlineOption())
    .addOption(cacheDirOption())
    .action(async (ids: string[], flags: CommonFlags) => {
      const stats = await forEachCorpus(ids, world, async (id) => statsOf(await deriveOne(id, flags, world)));
      print(world, flags, stats, stats.map(table));
    });
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

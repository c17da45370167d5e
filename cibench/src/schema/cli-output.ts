/** What the commands print with `--json`. */
import { z } from "zod";
import { FreshGap } from "./fresh.ts";
import { AgreementOutput } from "./rating.ts";
import { Ranking } from "./ranking.ts";
import { Report } from "./report.ts";
import { Category } from "./task.ts";

/** `cibench run` and `cibench report`. */
export const RunOutput = z.strictObject({
  schemaVersion: z.literal(1),
  reports: z.array(Report),
  /** One per kind of corpora on which at least one contestant has a score. */
  rankings: z.array(Ranking),
  /** Where each report lies, in the order of `reports`. */
  files: z.array(z.string()),
  /** Only of `run --fresh`. */
  gaps: z.array(FreshGap).optional(),
  /** Only of `report --agreement`: level 4. */
  agreements: z.array(AgreementOutput).optional(),
});
export type RunOutput = z.infer<typeof RunOutput>;

/** `cibench list`. */
export const ListOutput = z.strictObject({
  schemaVersion: z.literal(1),
  suite: z.strictObject({ name: z.literal("cibench"), version: z.string() }),
  categories: z.array(
    z.strictObject({
      category: Category,
      title: z.string(),
      level: z.int().min(1).max(4),
      /** Points of 100. */
      weight: z.number(),
      state: z.enum(["measured", "not-measured"]),
      /** Why it is not measured; null when it is. */
      reason: z.string().nullable(),
    }),
  ),
  corpora: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(["real", "synthetic"]),
      version: z.string(),
      language: z.string(),
      licence: z.string(),
      split: z.enum(["fit", "report"]),
    }),
  ),
  tools: z.array(z.strictObject({ name: z.string(), role: z.enum(["contestant", "self-check"]) })),
});
export type ListOutput = z.infer<typeof ListOutput>;

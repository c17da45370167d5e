/** Steps of a derivation that are kept in the cache, so that a run that was killed goes on where it was. */
import { createHash } from "node:crypto";
import path from "node:path";
import type { z } from "zod";
import { readJson, writeWhole } from "../cache.ts";
import { MANIFEST_ROOT } from "../manifest.ts";
import { listFiles, selectFiles, treeSha256 } from "../tree.ts";
import { versionOf } from "./versions.ts";

/**
 * A value from the cache, or made and put there, whole or not at all. What is there and does not fit the schema is made anew.
 *
 * @param step `name` changes with everything that can change the value: {@link keyOfStep}
 */
export async function kept<T>(
  schema: z.ZodType<T>,
  step: { cacheDir: string; name: string; fresh: boolean },
  make: () => Promise<T>,
): Promise<T> {
  const file = path.join(step.cacheDir, "truth", `${step.name}.json`);
  const known = schema.safeParse(step.fresh ? undefined : await readJson(file));
  if (known.success) return known.data;
  const value = await make();
  await writeWhole(file, `${JSON.stringify(value)}\n`);
  return value;
}

/** Changes with the inputs given, the sources of this package that these globs choose, and what parses and runs them. */
export async function keyOfStep(sources: string[], inputs: unknown): Promise<string> {
  const own = selectFiles(await listFiles(MANIFEST_ROOT), { include: sources, exclude: [] });
  return createHash("sha256")
    .update(JSON.stringify([inputs, process.versions.node, versionOf("typescript-classic")]))
    .update(await treeSha256(MANIFEST_ROOT, own))
    .digest("hex")
    .slice(0, 16);
}

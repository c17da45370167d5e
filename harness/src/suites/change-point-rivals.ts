/** Otava and asv, run on the same series as our own detector: the real packages, in an environment of their own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DriftError } from "@drift/engine";
import { execa } from "execa";
import * as z from "zod";

/** As they were published; both run with their defaults. */
export const RIVALS = { otava: "apache-otava==0.8.0", asv: "asv==0.6.6" } as const;
export type Rival = keyof typeof RIVALS;

const Found = z.array(z.int().nonnegative());
const Answer = z.record(z.string(), z.strictObject({ otava: Found, asv: Found }));

/**
 * @param series by name, without gaps
 * @param options.folder where the environment is made once and kept
 * @returns change points by series and rival
 * @throws DriftError `RIVALS_MISSING` when Python, the packages or the network are
 */
export async function runRivals(
  series: Readonly<Record<string, readonly number[]>>,
  { folder }: { folder: string },
): Promise<z.infer<typeof Answer>> {
  const python = join(folder, "bin", "python");
  try {
    if (!existsSync(join(folder, "bin", "asv"))) {
      await execa("python3", ["-m", "venv", folder]);
      await execa(python, ["-m", "pip", "install", "--quiet", ...Object.values(RIVALS)]);
    }
    const script = join(import.meta.dirname, "change-point-rivals.py");
    const { stdout } = await execa(python, [script], { input: JSON.stringify(series), maxBuffer: 100_000_000 });
    return Answer.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new DriftError("RIVALS_MISSING", "Otava and asv cannot be run here", {
      hint: "They need python3 with venv, and once the network; --without-rivals leaves them out.",
      cause,
    });
  }
}

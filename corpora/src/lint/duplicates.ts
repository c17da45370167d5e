/** Whether the same file is asked about twice: its items would count double, and perhaps on both sides of the split. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CallGraphTruth } from "../truth/schema.ts";
import type { Finding } from "./finding.ts";

/** Collects the files of one corpus after the other; the same one remembers what it saw. */
export class Duplicates {
  /** Content of a file that has items -> the first corpus and path with it. */
  readonly #seen = new Map<string, string>();

  /** Files of this truth whose content, with items about it, was there before. Files that are gone are no duplicates. */
  async find(truth: CallGraphTruth, root: string): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const file of [...new Set(truth.sites.map((site) => site.file))].sort()) {
      const bytes = await readFile(path.join(root, file)).catch(() => null);
      if (bytes === null) continue;
      const key = createHash("sha256").update(bytes).digest("hex");
      const first = this.#seen.get(key);
      this.#seen.set(key, first ?? `${truth.corpus}, ${file}`);
      if (first === undefined) continue;
      findings.push({
        corpus: truth.corpus,
        rule: "duplicate",
        at: file,
        message: `the same file is asked about as ${first}`,
      });
    }
    return findings;
  }
}

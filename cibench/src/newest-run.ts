/** Finds stored runs by the names of their tools. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CibenchError } from "./errors.ts";
import { readReport } from "./read-run.ts";

/**
 * The file of the newest run of a tool in a folder of stored runs.
 *
 * @param of the name of a tool; what looks like a path is one, and is returned
 * @throws CibenchError `REPORT_UNREADABLE` when there is none
 */
export async function newestRun(of: string, folder: string): Promise<string> {
  if (/[./\\]/.test(of)) return of;
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(`-${of}.json`)).map((name) => join(folder, name));
  const runs = await Promise.all(files.map(async (file) => ({ file, startedAt: (await readReport(file)).startedAt })));
  const [newest] = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  if (newest !== undefined) return newest.file;
  throw new CibenchError("REPORT_UNREADABLE", `there is no run of ${of} in ${folder}`, {
    hint: "Name the <runId>.json of a run.",
  });
}

/** A folder for the length of one step. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Gives a step an empty folder of its own and removes it afterwards. */
export async function inScratch<T>(step: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "drift-bench-"));
  try {
    return await step(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

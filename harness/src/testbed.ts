/** Who measures, and what: the same for every run of one call. */
import { fingerprint, readCommit, readMachine } from "./environment.ts";
import { codeHash } from "./inputs.ts";
import type { Commit, Environment } from "./store/schema.ts";

export interface Testbed {
  environment: Environment;
  commit: Commit;
  engineVersion: string;
  /** sha256 over the code that decides results. */
  code: string;
}

/** Reads machine and sources as they are now. */
export async function readTestbed(root: string, engineVersion: string): Promise<Testbed> {
  const [machine, commit] = await Promise.all([readMachine(), readCommit(root)]);
  return { environment: fingerprint(machine), commit, engineVersion, code: codeHash(root) };
}

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DriftError } from "../errors.ts";
import type * as Binding from "./index.d.ts";

/** What the native engine exports. */
export type Native = Pick<typeof Binding, "openProject" | "CancelToken">;

const BUILD = 'Run "npm run --silent callgraph -- --help" at the top of the repository: it builds the engine.';

/**
 * Loads the native engine for this platform.
 *
 * @param folder where `drift.<platform>.node` is; `engine/native` by default
 * @throws DriftError `NATIVE_MISSING` when there is none for this platform, `NATIVE_BROKEN` when Node cannot load it
 */
export function loadNative(folder: string = fileURLToPath(new URL("../../native", import.meta.url))): Native {
  const prefix = `drift.${process.platform}-${process.arch}`;
  const binaries = listed(folder).filter((name) => name.startsWith(prefix) && name.endsWith(".node"));
  if (binaries.length === 0) {
    const platform = `${process.platform}-${process.arch}`;
    throw new DriftError("NATIVE_MISSING", `the native engine for ${platform} is not in ${folder}`, { hint: BUILD });
  }
  const require = createRequire(import.meta.url);
  let cause: unknown;
  // More than one where glibc and musl builds lie side by side: the wrong one does not load.
  for (const name of binaries.toSorted()) {
    try {
      return require(join(folder, name)) as Native;
    } catch (error) {
      cause = error;
    }
  }
  throw new DriftError("NATIVE_BROKEN", `the native engine in ${folder} cannot be loaded`, { hint: BUILD, cause });
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

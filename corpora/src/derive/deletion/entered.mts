/**
 * Runs inside the tests of a corpus, before anything else: the `__drift__` of code that says when a function is entered.
 * One file, copied into a scratch folder by itself, which changes nothing but writes each function once for a test file.
 */
import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

/** Starts to note into `folder`. */
export function install(folder: string): void {
  const file = `${folder}/${process.pid}-${threadId}.entered`;
  const seen = new Set<number>();
  const enter = (definition: number): void => {
    if (seen.has(definition)) return;
    seen.add(definition);
    // At once: a process may end without notice.
    appendFileSync(file, `${definition}\n`);
  };
  const begin = (test: string): void => {
    seen.clear();
    appendFileSync(file, `@${test}\n`);
  };
  if (process.env["NODE_TEST_CONTEXT"] !== undefined) process.env["DRIFT_TRACE_TEST"] ??= process.argv[1];
  const test = process.env["DRIFT_TRACE_TEST"];
  if (test !== undefined) begin(test);
  const hooks = { enter };
  Object.defineProperty(globalThis, "__drift__", { value: hooks, enumerable: false, configurable: true });
  // Tests that run in a realm of their own find the hooks on the process.
  const shared = { hooks, begin, flush: () => {} };
  Object.defineProperty(process, Symbol.for("drift.trace"), { value: shared, enumerable: false });
}

const folder = process.env["DRIFT_TRACE_FOLDER"];
if (folder !== undefined) install(folder);

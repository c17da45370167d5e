/**
 * Runs inside the tests of a corpus, before anything else: the `__drift__` that probes call. It notes each statement that
 * runs once for each test file, as lines of a file of this thread: `@` and the test file, then places.
 *
 * One file that imports nothing but Node: it is copied into a scratch folder by itself.
 */
import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

const folder = process.env["DRIFT_PROBES_FOLDER"];
if (folder !== undefined) {
  const file = `${folder}/${process.pid}-${threadId}.hits`;
  const seen = new Set<string>();
  let pending: string[] = [];
  const flush = (): void => {
    if (pending.length > 0) appendFileSync(file, `${pending.join("\n")}\n`);
    pending = [];
  };
  const begin = (test: string): void => {
    seen.clear();
    pending.push(`@${test}`);
  };
  const hit = (place: string): void => {
    if (seen.has(place)) return;
    seen.add(place);
    pending.push(place);
    if (pending.length >= 256) flush();
  };
  begin(process.env["DRIFT_TRACE_TEST"] ?? "");
  process.on("exit", flush);
  const hooks = { hit };
  Object.defineProperty(globalThis, "__drift__", { value: hooks, enumerable: false, configurable: true });
  // Tests in a realm of their own find them on the process, as those of the tracer.
  Object.defineProperty(process, Symbol.for("drift.trace"), { value: { hooks, flush, begin }, enumerable: false });
}

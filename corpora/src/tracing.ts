/** The trace oracle of JavaScript and the sandbox, for programs that bring no tests of their own. */
import { fileURLToPath } from "node:url";

export { findSandbox, runSandboxed, type Sandbox, type SandboxedRun, UNSAFE } from "./derive/sandbox.ts";
export { gather, readTraces } from "./derive/trace/gather.ts";
export { instrument, Registry } from "./derive/trace/instrument.ts";
export type { TracedSite } from "./derive/trace/traced-tests.ts";

/** The file that instrumented code needs to have been imported before it; it imports nothing but Node. */
export const TRACE_RUNTIME = fileURLToPath(new URL("./derive/trace/runtime.mts", import.meta.url));

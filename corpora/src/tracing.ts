/** The trace oracles and the sandbox, for programs that bring no tests of their own. */
import { fileURLToPath } from "node:url";

export { derivePythonStatic } from "./derive/python.ts";
export { gatherRecords } from "./derive/python/gather.ts";
export { findPython, type Python } from "./derive/python/interpreter.ts";
export { findSandbox, runSandboxed, type Sandbox, type SandboxedRun, UNSAFE } from "./derive/sandbox.ts";
export { gather, readTraces } from "./derive/trace/gather.ts";
export { instrument, Registry } from "./derive/trace/instrument.ts";
export type { TracedSite } from "./derive/trace/traced-tests.ts";
export type { Definition } from "./truth/schema.ts";

/** The file that instrumented JavaScript needs to have been imported before it; it imports nothing but Node. */
export const TRACE_RUNTIME = fileURLToPath(new URL("./derive/trace/runtime.mts", import.meta.url));

/** The folder of programs that must be first on the path of a traced Python, whose `sitecustomize` starts the tracer. */
export const PYTHON_RUNTIME = fileURLToPath(new URL("./derive/python/runtime/", import.meta.url));

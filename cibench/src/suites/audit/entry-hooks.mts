/**
 * Runs inside a case, before it: records for each function that starts to run who stands below it on the stack. This
 * sees what is no call in the text, such as iteration and accessors. Imports nothing but Node.
 */
import { appendFileSync } from "node:fs";

interface Frame {
  getFileName(): string | null | undefined;
  getFunctionName(): string | null;
  getEnclosingLineNumber(): number | null;
  getEnclosingColumnNumber(): number | null;
  isEval(): boolean;
  isAsync(): boolean;
}

const FRAMES = 50;
const captureStackTrace = Error.captureStackTrace.bind(Error);
const folder = process.env["DRIFT_TRACE_ROOT"] ?? "/";
const output = process.env["DRIFT_ENTRIES"] ?? "/dev/null";
const seen = new Set<string>();

/** `[definition, frames]`, the function itself first; `execute.ts` reads them. */
function enter(definition: number): void {
  const line = JSON.stringify([definition, framesAbove(enter)]);
  if (seen.has(line)) return;
  seen.add(line);
  appendFileSync(output, `${line}\n`);
}

/** Files of the case and text that it evaluates; Node, built-ins and hooks are left out. */
function framesAbove(hook: (definition: number) => void): [string, number, number, string | null][] {
  const holder: { stack?: Frame[] } = {};
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_, frames) => frames;
  try {
    captureStackTrace(holder, hook);
    const frames = holder.stack ?? [];
    const resumed = frames.findIndex((frame) => frame.isAsync());
    return frames.slice(0, resumed === -1 ? frames.length : resumed).flatMap((frame) => {
      if (frame.isEval()) return [["<eval>", 0, 0, null]];
      const file = (frame.getFileName() ?? "").replace(/^file:\/\//, "");
      if (!file.startsWith(`${folder}/`) || file.startsWith(`${folder}/.drift/`)) return [];
      const place = [frame.getEnclosingLineNumber() ?? 0, frame.getEnclosingColumnNumber() ?? 0] as const;
      return [[file.slice(folder.length + 1), ...place, frame.getFunctionName()]];
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", prepare);
  }
}

Object.defineProperty(globalThis, "__entries__", { value: { enter } });

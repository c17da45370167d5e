/** The kinds of tool among some, for filters. */
import { noteOf, TOOL_KINDS, type ToolKind } from "../content/tool-notes.ts";
import type { Tool } from "./tools.ts";

/** Each kind once, with its name, in the order in which kinds are declared. */
export function kindsOf(tools: readonly Tool[]): { value: string; label: string }[] {
  const present = new Set(tools.map(({ name, run }) => noteOf(name, run.role).kind));
  return (Object.keys(TOOL_KINDS) as ToolKind[])
    .filter((kind) => present.has(kind))
    .map((kind) => ({ value: kind, label: TOOL_KINDS[kind] }));
}

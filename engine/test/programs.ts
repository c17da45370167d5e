import { join } from "node:path/posix";
import { CASES } from "@drift/corpora/conformance";
import { type CallGraph, open } from "../src/index.ts";
import { folder } from "./folder.ts";

/** All conformance cases as one project, each in a folder of its own. */
export function conformanceFiles(): Record<string, string> {
  return Object.fromEntries(
    CASES.flatMap(({ files }, index) =>
      Object.entries(files).map(([path, text]) => [join(`case${index}`, path), text]),
    ),
  );
}

/** The engine's answer for these files. */
export async function callGraphOf(files: Record<string, string>): Promise<CallGraph> {
  const project = await open(folder(files), { indexPath: null });
  await project.index();
  const graph = await project.callGraph();
  await project.close();
  return graph;
}

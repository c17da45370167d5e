/** Drift's own engine, asked through its public API like any other tool. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallGraph, CallSite, CallTarget, FunctionSymbol, Project } from "@drift/engine";
import { Keeping } from "../kept.ts";
import type { Candidate } from "../calibration/edges.ts";
import type { AnswerOf, AnswerTarget, CallSiteAnswer } from "../schema/answer.ts";
import type { CallSiteItem } from "../schema/task.ts";
import type { SuiteTool, WholeCallGraph } from "../suites/run.ts";
import type { AdapterContext, Contestant } from "./adapter.ts";
import { changesFrom } from "./drift-changes.ts";
import { contextsFrom } from "./drift-contexts.ts";
import { flowsFrom } from "./drift-flows.ts";
import { patternsFrom } from "./drift-patterns.ts";
import { propositionsFrom, readUnlisted } from "./drift-propositions.ts";
import { refinementsFrom } from "./drift-refinement.ts";
import { answerByExports } from "./package-exports.ts";
import { siteFinder } from "./drift-sites.ts";
import { routesFrom } from "./drift-routes.ts";
import { unusedFrom } from "./drift-unused.ts";
import { committedTargets } from "./drift-targets.ts";

export const driftAdapter: Contestant = {
  name: "drift",
  role: "contestant",
  isHere: true,
  languages: ["javascript", "typescript", "python"],
  version: driftVersion,
  answer: (task, root, context) => answerFromGraph(task, root, context, (graph) => answersFrom(graph, task.items)),
  changes: (task, root, context) => answerFromGraph(task, root, context, (graph) => changesFrom(graph, task, root)),
  composition: (task, root, context) => answerFromGraph(task, root, context, (graph) => routesFrom(graph, task, root)),
  contexts: (task, root, context) => answerFromGraph(task, root, context, (graph) => contextsFrom(graph, task)),
  refinement: (task, root, context) =>
    answerFromGraph(task, root, context, (graph) => refinementsFrom(graph, task, context.feedback ?? (() => null))),
  dataFlow: (task, root, context) => answerFromProject(task, root, context, (project) => flowsFrom(project, task)),
  negative: (task, root, context) => answerFromGraph(task, root, context, (graph) => unusedFrom(graph, task)),
  patterns: (task, root, context) => answerFromProject(task, root, context, (project) => patternsFrom(project, task)),
  propositions: async (task, root, context) => {
    const unlisted = await readUnlisted();
    return answerFromGraph(task, root, context, (graph) => propositionsFrom(graph, task.items, unlisted));
  },
  rules: answerByExports,
};

function answerFromGraph<Said>(
  task: { id: string },
  root: string,
  context: AdapterContext,
  itemsFrom: (graph: CallGraph) => Said[] | Promise<Said[]>,
): Promise<AnswerOf<Said>> {
  return answerFromIndex(task, root, context, async ({ graph }) => itemsFrom(await graph()));
}

function answerFromProject<Said>(
  task: { id: string },
  root: string,
  context: AdapterContext,
  itemsFrom: (project: Project) => Promise<Said[]>,
): Promise<AnswerOf<Said>> {
  return answerFromIndex(task, root, context, ({ project }) => itemsFrom(project));
}

/** A corpus that was read once, with what that took. */
interface Indexed {
  project: Project;
  /** Asked of the engine when it is needed first. */
  graph: () => Promise<CallGraph>;
  indexMs: number;
}

/** From the index that the categories of a corpus share; without a place to keep it, from one of its own. */
async function answerFromIndex<Said>(
  task: { id: string },
  root: string,
  context: AdapterContext,
  itemsFrom: (indexed: Indexed) => Promise<Said[]>,
): Promise<AnswerOf<Said>> {
  const { clock, kept } = context;
  const own = kept === undefined ? new Keeping() : null;
  try {
    const indexed = await (kept ?? (own as Keeping)).get(
      `drift index ${root}`,
      () => indexedProject(root, context),
      ({ project }) => project.close(),
    );
    const start = clock();
    const items = await itemsFrom(indexed);
    return { taskId: task.id, items, usage: { indexMs: indexed.indexMs, answerMs: clock() - start } };
  } finally {
    await own?.empty();
  }
}

async function indexedProject(root: string, { signal, onProgress, clock }: AdapterContext): Promise<Indexed> {
  // Loaded on use: listing or reporting runs must work where the native engine is not built.
  const { open } = await import("@drift/engine");
  const start = clock();
  const project = await open(root, { indexPath: null });
  try {
    await project.index({ signal, onProgress: ({ phase, done, total }) => onProgress(phase, done, total) });
    let graph: Promise<CallGraph> | undefined;
    return { project, graph: () => (graph ??= project.callGraph()), indexMs: clock() - start };
  } catch (error) {
    await project.close();
    throw error;
  }
}

/** The engine says its version with every answer; the smallest question is an empty folder. */
export async function driftVersion(): Promise<string> {
  const { open } = await import("@drift/engine");
  const empty = await mkdtemp(join(tmpdir(), "drift-version-"));
  try {
    const project = await open(empty, { indexPath: null });
    await project.index();
    const { tool } = await project.callGraph();
    await project.close();
    return tool.version;
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

/** What Drift says about a folder, with what each target rests on. */
export async function driftGraph(root: string): Promise<CallGraph> {
  const { open } = await import("@drift/engine");
  const project = await open(root, { indexPath: null });
  try {
    await project.index();
    return await project.callGraph();
  } finally {
    await project.close();
  }
}

/** The same for each item that the engine knows as a call site. The top levels of files are no targets here. */
export function candidatesFrom(graph: CallGraph, items: readonly CallSiteItem[]): Map<string, Candidate[]> {
  const functions = new Map(graph.functions.map((symbol) => [symbol.id, symbol]));
  const siteOf = siteFinder(graph);
  return new Map(
    items.map((item) => {
      const site = siteOf(item);
      return [
        item.id,
        (site?.targets ?? []).flatMap(({ evidence, among, ...target }): Candidate[] =>
          toTarget(target, functions).map((one) => ({ target: one, evidence, among })),
        ),
      ];
    }),
  );
}

/** Drift on whole folders, for suites that label every edge. A class without a constructor is no function there. */
export async function driftCallGraph(): Promise<SuiteTool> {
  return {
    name: "drift",
    version: await driftVersion(),
    callGraph: async (folder) => wholeGraph(await driftGraph(folder)),
  };
}

function wholeGraph(graph: CallGraph): WholeCallGraph {
  const written = graph.functions.filter(({ kind }) => kind !== "implicit-constructor");
  const functions = written.map((one) => ({
    ...one,
    qualifiedName: one.id.slice(one.file.length + 1),
    isAnonymous: one.kind === "arrow" || /(?:^|\.)<[^.]*$/.test(one.id.slice(one.file.length + 1)),
  }));
  const modules = new Map(graph.callSites.map(({ file }) => [`${file}#<module>`, file]));
  const edges = graph.callSites
    .filter(({ kind }) => kind !== "require" && kind !== "dynamic-import")
    .flatMap((site) => {
      const module = modules.get(site.caller);
      const caller = module === undefined ? { id: site.caller } : { module };
      return committedTargets(site).map((target) => ({
        caller,
        callee: target.id === undefined ? { outside: target.external ?? "" } : { id: target.id },
      }));
    });
  return { functions, edges };
}

/** The engine's call sites matched to items by exact span; an item without a site is left unanswered. */
export function answersFrom(graph: CallGraph, items: readonly CallSiteItem[]): CallSiteAnswer[] {
  const functions = new Map(graph.functions.map((symbol) => [symbol.id, symbol]));
  const siteOf = siteFinder(graph);
  return items.flatMap((item) => {
    const site = siteOf(item);
    return site === undefined ? [] : [toAnswer(item.id, site, functions)];
  });
}

function toAnswer(itemId: string, site: CallSite, functions: ReadonlyMap<string, FunctionSymbol>): CallSiteAnswer {
  const targets = site.targets.flatMap((target) => toTarget(target, functions));
  return { itemId, status: site.status, ...(site.reason !== undefined && { reason: site.reason }), targets };
}

function toTarget(
  { id, external, probability }: Pick<CallTarget, "id" | "external" | "probability">,
  functions: ReadonlyMap<string, FunctionSymbol>,
): AnswerTarget[] {
  if (external !== undefined) return [{ external, probability }];
  const symbol = id === undefined ? undefined : functions.get(id);
  if (symbol === undefined) return [];
  return [{ file: symbol.file, line: symbol.line, column: symbol.column, probability }];
}

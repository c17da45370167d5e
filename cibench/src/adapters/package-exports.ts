/** What a package lets in, read from the `exports` of its package.json. A reading of our own, which runs nothing of Node's resolver. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { AnswerOf, ProposalAnswer } from "../schema/answer.ts";
import type { ProposalItem, RuleTask } from "../schema/task.ts";
import type { AdapterContext } from "./adapter.ts";

const Manifest = z.object({ name: z.string(), exports: z.unknown().optional() });

/** The rule of Node that is broken by reaching for what `exports` does not let in. */
export const NOT_EXPORTED = "ERR_PACKAGE_PATH_NOT_EXPORTED";

/** Answers from the manifest of a package alone: what it lets in. What a linter minds does not stand there. */
export async function answerByExports(
  task: RuleTask,
  root: string,
  { clock }: Pick<AdapterContext, "clock">,
): Promise<AnswerOf<ProposalAnswer>> {
  const start = clock();
  const isLetIn = exportsReader(await readFile(join(root, "package.json"), "utf8").catch(() => ""));
  const read = clock();
  const items = task.items.map((item) => answerProposal(item, isLetIn));
  return { taskId: task.id, items, usage: { indexMs: read - start, answerMs: clock() - read } };
}

function answerProposal({ id, change }: ProposalItem, isLetIn: ReturnType<typeof exportsReader>): ProposalAnswer {
  const found = change.kind === "reach" ? isLetIn(change.specifier, change.by) : null;
  if (found === null) return { itemId: id, verdict: "unknown", rules: [] };
  return found
    ? { itemId: id, verdict: "allowed", rules: [] }
    : { itemId: id, verdict: "violates", rules: [NOT_EXPORTED] };
}

/** What Node says of itself whatever is asked, beside how it is asked. */
const CONDITIONS = ["node", "node-addons", "module-sync", "default"];

/**
 * @param text of package.json
 * @returns whether a specifier that names this package gets in, by `import` or `require`; null where it names another package, or
 *   the text says nothing about it
 */
export function exportsReader(text: string): (specifier: string, by: "import" | "require") => boolean | null {
  const manifest = Manifest.safeParse(jsonOf(text));
  if (!manifest.success) return () => null;
  const { name, exports } = manifest.data;
  if (exports == null) return () => null;
  const ways = waysOf(exports);
  return (specifier, by) => {
    if (specifier !== name && !specifier.startsWith(`${name}/`)) return null;
    const target = targetOf(ways, `.${specifier.slice(name.length)}`);
    return target !== undefined && leadsSomewhere(target, new Set([by, ...CONDITIONS]));
  };
}

/** Keys that start with a dot are ways in; without any, all is the one way `.`. */
function waysOf(exports: unknown): Map<string, unknown> {
  const entries = isObject(exports) ? Object.entries(exports) : [];
  return entries.some(([key]) => key.startsWith(".")) ? new Map(entries) : new Map([[".", exports]]);
}

/** An exact way, else the pattern with the longest beginning. */
function targetOf(ways: ReadonlyMap<string, unknown>, subpath: string): unknown {
  if (ways.has(subpath) && !subpath.includes("*")) return ways.get(subpath);
  const patterns = [...ways].filter(([key]) => {
    const [start, end, ...more] = key.split("*") as [string, string?, ...string[]];
    if (end === undefined || more.length > 0) return false;
    return (
      subpath.startsWith(start) &&
      subpath.endsWith(end) &&
      subpath.length > start.length + end.length - 1 &&
      subpath !== start
    );
  });
  const lengthOf = (key: string): number => key.indexOf("*");
  return patterns.toSorted(([a], [b]) => lengthOf(b) - lengthOf(a) || b.length - a.length)[0]?.[1];
}

/** The first condition that holds decides; one that leads to nothing goes on to the next, but `null` shuts the way. */
function leadsSomewhere(target: unknown, conditions: ReadonlySet<string>): boolean {
  return resolve(target, conditions) === true;
}

/** True for a file, false where the way is shut, undefined where no condition holds. */
function resolve(target: unknown, conditions: ReadonlySet<string>): boolean | undefined {
  if (typeof target === "string") return true;
  if (target === null) return false;
  if (Array.isArray(target)) return target.map((one) => resolve(one, conditions)).find((one) => one !== undefined);
  if (!isObject(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const found = resolve(inner, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

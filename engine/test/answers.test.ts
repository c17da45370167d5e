import { expect, test } from "vitest";
import { callGraphOf } from "../conformance/judge.ts";
import type { CallSite } from "../src/index.ts";
import { conformanceFiles } from "./programs.ts";

/** Evidence of functions of the project. */
const INSIDE: ReadonlySet<string> = new Set(["tracked", "open", "name", "suggested", "family"]);

/** Whether the status of a site and what it lists agree. */
function isAnswer({ status, basis, reason, targets }: CallSite): boolean {
  const named = targets.every(({ id, external }) => (id === undefined) !== (external === undefined));
  const probable = targets.every(({ probability }) => probability > 0 && probability < 1);
  const different = new Set(targets.map(({ id, external }) => id ?? `<${external}>`)).size === targets.length;
  const ordered = targets.every(
    ({ probability }, at) => at === 0 || probability <= (targets[at - 1]?.probability ?? 0),
  );
  const counted = targets.every(({ among }) => Number.isInteger(among) && among >= 1);
  const placed = targets.every(({ id, evidence }) => (id !== undefined) === INSIDE.has(evidence));
  if (!named || !probable || !different || !ordered || !counted || !placed) return false;
  if ((reason === undefined) !== (status !== "unknown") || (basis === undefined) !== (status === "unknown"))
    return false;
  switch (status) {
    case "certain":
      return (
        targets.length === 1 && targets[0]?.id !== undefined && basis === "tracked" && targets[0].probability >= 0.99
      );
    case "likely":
      return targets.some(({ id }) => id !== undefined);
    case "external":
      return targets.length > 0 && targets.every(({ id }) => id === undefined);
    case "unknown":
      return targets.length === 0;
    default:
      return false;
  }
}

test("every call site has an answer: certain, likely, external, or unknown with a reason", async () => {
  const graph = await callGraphOf(conformanceFiles());
  expect(graph.callSites.filter((site) => !isAnswer(site))).toEqual([]);
  expect(new Set(graph.callSites.map(({ status }) => status))).toEqual(
    new Set(["certain", "likely", "external", "unknown"]),
  );
  const known = new Set([
    ...graph.functions.map(({ id }) => id),
    ...graph.callSites.map(({ file }) => `${file}#<module>`),
    ...graph.functions.map(({ file }) => `${file}#<module>`),
  ]);
  const named = graph.callSites.flatMap(({ caller, targets }) => [caller, ...targets.flatMap(({ id }) => id ?? [])]);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

test("ids do not depend on what stands above a function, be it named or not", async () => {
  const files = conformanceFiles();
  const moved = Object.entries(files).map(([path, text]): [string, string] =>
    /\.[cm]?[jt]sx?$/.test(path) && !/^(?:#!|\uFEFF|\/\*\*)/.test(text)
      ? [path, `// A line more,\n\n/* and more. */ ${text}`]
      : /\.pyi?$/.test(path)
        ? [path, `# A line more,\n\n# and more.\n${text}`]
        : [path, text],
  );
  const ids = async (project: Record<string, string>): Promise<string[]> =>
    (await callGraphOf(project)).functions.map(({ id }) => id);
  const before = await ids(files);
  expect(before.length).toBeGreaterThan(900);
  expect(await ids(Object.fromEntries(moved))).toEqual(before);
});

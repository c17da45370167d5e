import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type CallGraph, open } from "../src/index.ts";
import { BROKEN, MANIFESTS } from "./broken-source.ts";
import { folder } from "./folder.ts";

/** Not files at all. */
function addOddities(root: string): Record<string, string> {
  symlinkSync(".", join(root, "loop"));
  symlinkSync("circle.ts", join(root, "circle.ts"));
  symlinkSync("nowhere", join(root, "dangling.ts"));
  symlinkSync(dirname(process.execPath), join(root, "outside"));
  symlinkSync("crlf.ts", join(root, "alias.ts"));
  execFileSync("mkfifo", [join(root, "pipe.ts")]);
  mkdirSync(join(root, "folder.js"));
  return {
    loop: "symlink-loop",
    "circle.ts": "symlink-loop",
    "dangling.ts": "symlink-dangling",
    outside: "symlink-outside-root",
    "alias.ts": "symlink",
    "pipe.ts": "not-a-regular-file",
  };
}

async function checked(root: string, threads: number): Promise<CallGraph> {
  // Long lines of code are to be read here, not left out.
  const project = await open(root, { indexPath: null, minified: "read" });
  await project.index({ threads });
  return project.callGraph();
}

test("more than fifty kinds of broken source are indexed or reported, each", { timeout: 600_000 }, async () => {
  const files = Object.fromEntries(Object.entries(BROKEN).map(([path, { content }]) => [path, content]));
  const root = folder({ ...files, ...MANIFESTS });
  const odd = addOddities(root);
  expect(Object.keys(BROKEN).length + Object.keys(MANIFESTS).length + Object.keys(odd).length).toBeGreaterThan(100);

  const graph = await checked(root, 2);

  // A file may have two rows: bytes that are not its encoding, and what they do to the syntax.
  const reported = Map.groupBy(graph.skipped, ({ file }) => file);
  const codes = (path: string): string[] => reported.get(path)?.map(({ reason }) => reason.split(":")[0] ?? "") ?? [];
  const expected: [string, string | undefined][] = [
    ...Object.entries(BROKEN).map(([path, { reason }]): [string, string | undefined] => [path, reason]),
    ...Object.entries(odd),
  ];
  const asExpected = ([path, reason]: [string, string | undefined]): boolean =>
    reason === undefined ? codes(path).length === 0 : codes(path).includes(reason);
  const wrong = expected.filter((row) => !asExpected(row)).map(([path]) => [path, codes(path)]);
  expect(wrong).toEqual([]);
  // Everything that was read is counted, and everything that was not has its row.
  const refused = new Set(["binary", "too-large", "nested-too-deeply"]);
  const read = Object.values(BROKEN).filter(({ reason }) => reason === undefined || !refused.has(reason)).length;
  expect(graph.stats.files).toBe(read + Object.keys(MANIFESTS).filter((path) => path.endsWith(".ts")).length);
  expect(graph.stats.skipped).toBe(graph.skipped.length);

  const ids = graph.functions.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const known = new Set(ids);
  const named = graph.callSites.flatMap(({ caller, targets }) => [caller, ...targets.flatMap(({ id }) => id ?? [])]);
  expect(named.filter((id) => !known.has(id) && !id.endsWith("#<module>"))).toEqual([]);
  expect(await checked(root, 1)).toEqual(graph);
});

test("what broken source still says is kept", async () => {
  const graph = await checked(
    folder({
      "a.ts": "export function before() { after(); }\nexport function after() {}\nconst x;\n",
      "utf16.ts": BROKEN["utf16le.ts"]?.content ?? "",
      "latin1.ts": BROKEN["latin1.ts"]?.content ?? "",
    }),
    1,
  );
  expect(graph.functions.map(({ id }) => id)).toEqual(["a.ts#before", "a.ts#after"]);
  expect(graph.skipped).toEqual([
    { file: "a.ts", reason: expect.stringMatching(/^syntax-error: .+ \(3:\d+\)/) as string },
    { file: "latin1.ts", reason: "not-utf8: 1 bytes read as Latin-1" },
  ]);
  expect(graph.callSites.filter(({ file }) => file !== "a.ts").map(({ file, column }) => [file, column])).toEqual([
    ["latin1.ts", 14],
    ["utf16.ts", 1],
  ]);
});

import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { open, type Project } from "../src/index.ts";
import { folder, write } from "./folder.ts";

/** One change to a project of a few files that import each other. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), file: fc.nat(4), imports: fc.nat(4), version: fc.nat(3) }),
  fc.record({ kind: fc.constant("remove" as const), file: fc.nat(4) }),
  fc.record({ kind: fc.constant("rename" as const), file: fc.nat(4), to: fc.nat(4) }),
  fc.record({ kind: fc.constant("move" as const), file: fc.nat(4), lines: fc.nat(3) }),
  fc.record({ kind: fc.constant("python" as const), file: fc.nat(1), calls: fc.nat(2) }),
  fc.record({ kind: fc.constant("manifest" as const), name: fc.nat(1) }),
  fc.record({ kind: fc.constant("ignore" as const), file: fc.nat(4) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function source(imports: number, version: number): string {
  const call = ["g()", "g?.()", "new (class { m() { g(); } })().m()", "[g].forEach((h) => h())"][version];
  return `import { f as g } from "./m${imports}.ts";\nexport function f() { ${call}; }\nexport const v${version} = () => f();\n`;
}

/** Makes the change; the paths that it touched come back. */
function apply(root: string, step: Change): string[] {
  const name = "file" in step ? `m${step.file}.ts` : "";
  const has = (file: string): boolean => readdirSync(root).includes(file);
  switch (step.kind) {
    case "write":
      write(root, { [name]: source(step.imports, step.version) });
      return [name];
    case "remove":
      rmSync(join(root, name), { force: true });
      return [name];
    case "rename":
      if (has(name)) renameSync(join(root, name), join(root, `m${step.to}.ts`));
      return [name, `m${step.to}.ts`];
    case "move":
      if (has(name)) write(root, { [name]: "// moved\n".repeat(step.lines) + readFileSync(join(root, name), "utf8") });
      return [name];
    case "python":
      write(root, { [`p${step.file}.py`]: `def f():\n    pass\n\n${"f()\n".repeat(step.calls)}` });
      return [`p${step.file}.py`];
    case "manifest":
      write(root, { "package.json": JSON.stringify({ name: `p${step.name}`, type: "module" }) });
      return ["package.json"];
    case "ignore":
      break;
  }
  write(root, { ".gitignore": `${name}\n` });
  return [".gitignore"];
}

async function cold(root: string): Promise<Uint8Array> {
  const project = await open(root, { indexPath: null });
  await project.index();
  const json = await project.callGraphJson();
  await project.close();
  return json;
}

/** Makes changes and brings the index up to date after each; it must say what a cold one says. */
async function hold(
  changes: readonly Change[],
  bringUp: (project: Project, touched: string[]) => Promise<unknown>,
): Promise<void> {
  const root = folder({ "m0.ts": source(1, 0) });
  const kept = await open(root);
  await kept.index();
  for (const step of changes) {
    const touched = apply(root, step);
    await bringUp(kept, touched);
    const wanted = await cold(root);
    expect(await kept.callGraphJson()).toEqual(wanted);
    const reopened = await open(root);
    expect(await reopened.callGraphJson()).toEqual(wanted);
    expect(await reopened.index()).toMatchObject({ parsed: 0, changed: false, warnings: [] });
    await reopened.close();
  }
  await kept.close();
}

const changes = fc.array(change, { minLength: 1, maxLength: 8 });

test("after any changes the kept index says what a cold one says", { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(changes, (steps) => hold(steps, (project) => project.index()));
  await fc.assert(property, { seed: 1, numRuns: 25 });
});

test("so it does when it is told which paths changed", { timeout: 600_000 }, async () => {
  const told = (project: Project, changed: string[]): Promise<unknown> => project.index({ changed });
  await fc.assert(
    fc.asyncProperty(changes, (steps) => hold(steps, told)),
    { seed: 2, numRuns: 25 },
  );
});

test("an edit that only moves code parses that file, and solves nothing again", async () => {
  const root = folder({ "m0.ts": source(1, 0), "m1.ts": source(0, 1) });
  const project = await open(root);
  await project.index();
  const phases: string[] = [];
  write(root, { "m0.ts": `\n// a comment\n${source(1, 0)}` });
  const summary = await project.index({ onProgress: ({ phase }) => phases.push(phase) });
  expect(summary).toMatchObject({ parsed: 1, reused: 1, changed: true });
  expect(phases).toContain("store");
  expect(phases).not.toContain("resolve");
  expect(await project.callGraphJson()).toEqual(await cold(root));
});

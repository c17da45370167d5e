import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { open } from "../src/index.ts";
import { folder, write } from "./folder.ts";

/** One change to a project of a few files that import each other. */
const change = fc.oneof(
  fc.record({ file: fc.nat(4), imports: fc.nat(4), version: fc.nat(3) }),
  fc.record({ file: fc.nat(4), remove: fc.constant(true) }),
);

function source(imports: number, version: number): string {
  return `import { f as g } from "./m${imports}.ts";\nexport function f() { g(); }\nexport const v${version} = () => f();\n`;
}

test("after any changes the kept index says what a cold one says", { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
    const root = folder({ "m0.ts": source(1, 0) });
    const kept = await open(root);
    for (const step of changes) {
      const name = `m${step.file}.ts`;
      if ("remove" in step) rmSync(join(root, name), { force: true });
      else write(root, { [name]: source(step.imports, step.version) });
      await kept.index();
      const cold = await open(root, { indexPath: null });
      await cold.index();
      expect(await kept.callGraphJson()).toEqual(await cold.callGraphJson());
      const reopened = await open(root);
      expect(await reopened.callGraphJson()).toEqual(await cold.callGraphJson());
    }
  });
  await fc.assert(property, { seed: 1, numRuns: 25 });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Metafile } from "esbuild";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./fixtures.ts";
import { thirdParties, thirdPartyText } from "../third-party.ts";

/** A folder with files, and what a bundler would say of them. */
function bundle(files: Record<string, string>, bytes: Record<string, number>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const inputs = Object.fromEntries(Object.entries(bytes).map(([name, n]) => [name, { bytesInOutput: n }]));
  return thirdParties({ inputs: {}, outputs: { "out.js": { inputs } } } as unknown as Metafile, folder);
}

const manifest = (name: string, more: object = { license: "MIT" }): string =>
  JSON.stringify({ name, version: "1.2.3", ...more });

describe("what a bundle contains", () => {
  test("is each package with code in it, once, with its own texts", () => {
    const found = bundle(
      {
        "node_modules/b/package.json": manifest("b"),
        "node_modules/b/LICENSE.md": "the licence of b",
        "node_modules/b/NOTICE": "a notice",
        "node_modules/b/esm/package.json": '{ "type": "module" }',
        "node_modules/b/esm/one.js": "",
        "node_modules/b/esm/two.js": "",
        "node_modules/@s/a/package.json": manifest("@s/a", { license: { type: "ISC" } }),
        "node_modules/@s/a/LICENCE": "the licence of a",
        "node_modules/@s/a/index.js": "",
        "node_modules/left-out/package.json": manifest("left-out"),
        "node_modules/left-out/index.js": "",
        "src/own.ts": "",
      },
      {
        "node_modules/b/esm/one.js": 10,
        "node_modules/b/esm/two.js": 10,
        "node_modules/@s/a/index.js": 5,
        "node_modules/left-out/index.js": 0,
        "src/own.ts": 100,
        "<define:VERSION>": 3,
      },
    );
    expect(found).toEqual([
      { name: "@s/a", version: "1.2.3", licence: "ISC", texts: ["the licence of a"] },
      { name: "b", version: "1.2.3", licence: "MIT", texts: ["the licence of b", "a notice"] },
    ]);
    const text = thirdPartyText(found);
    for (const words of ["following 2 packages", "@s/a 1.2.3\nLicence: ISC", "a notice"]) expect(text).toContain(words);
  });

  test("has the section of a readme where there is no file, and is refused without any text", () => {
    const readme = { "node_modules/a/package.json": manifest("a"), "node_modules/a/index.js": "" };
    const bytes = { "node_modules/a/index.js": 1 };
    const section = { "node_modules/a/README.md": "# a\n\ntext\n\n## License\n\nMIT (c) a\n\n## Thanks\n\nall\n" };
    expect(bundle({ ...readme, ...section }, bytes)[0]?.texts.map((one) => one.trim())).toEqual(["MIT (c) a"]);
    expect(() => bundle(readme, bytes)).toThrow("a@1.2.3 says no licence, or brings no text of it");
    const nameless = { ...readme, "node_modules/a/package.json": manifest("a", {}), "node_modules/a/LICENSE": "x" };
    expect(() => bundle(nameless, bytes)).toThrow("a@1.2.3");
  });
});

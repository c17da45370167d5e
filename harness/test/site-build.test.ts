import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildSite } from "../src/site-build.ts";
import { takeLock } from "../src/store/lock.ts";
import { temporaryFolder } from "./fixtures.ts";

const BUILDS = `
  const fs = require("node:fs");
  const out = process.argv[process.argv.indexOf("--outDir") + 1];
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(out + "/index.html", "built from " + process.env.DRIFT_RESULTS_DB);
`;

describe("buildSite", () => {
  test("puts a complete site in the place of the old one", async () => {
    const { folder, out } = site(BUILDS);
    mkdirSync(out);
    writeFileSync(join(out, "old.html"), "old");
    let oldWasThere = false;
    await buildSite({
      folder,
      out,
      db: "the store",
      beforeSwap: () => (oldWasThere = existsSync(join(out, "old.html"))),
    });
    expect(readFileSync(join(out, "index.html"), "utf8")).toBe("built from the store");
    expect([oldWasThere, existsSync(join(out, "old.html"))]).toEqual([true, false]);
  });

  test.each([
    [
      "process.stderr.write('\\u001b[31m[ERROR] a page is broken\\u001b[0m\\n  at x\\n'); process.exit(1)",
      "[ERROR] a page is broken",
    ],
    ["console.log('no reason given'); process.exit(1)", "no reason given"],
    ["process.exit(1)", "it failed without a word"],
  ])("keeps the old site when the build fails: %s", async (script, reason) => {
    const { folder, out } = site(`${BUILDS}${script}`);
    mkdirSync(out);
    writeFileSync(join(out, "index.html"), "old");
    await expect(buildSite({ folder, out, db: "x", beforeSwap: () => {} })).rejects.toMatchObject({
      code: "SITE_BUILD_FAILED",
      message: `the site was not built: ${reason}`,
    });
    expect(readFileSync(join(out, "index.html"), "utf8")).toBe("old");
    // The next build can begin.
    takeLock(join(folder, ".astro/build.lock"), { what: "build" }).release();
  });
});

/** A site package whose site generator is this script. */
function site(script: string): { folder: string; out: string } {
  const folder = temporaryFolder();
  const generator = join(folder, "node_modules/astro");
  mkdirSync(generator, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(generator, "package.json"), JSON.stringify({ name: "astro", bin: { astro: "astro.cjs" } }));
  writeFileSync(join(generator, "astro.cjs"), script);
  return { folder, out: join(folder, "dist") };
}

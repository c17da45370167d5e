import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildSite } from "../src/site-build.ts";
import { takeLock } from "../src/store/lock.ts";
import { temporaryFolder } from "./fixtures.ts";

const BUILDS = `
  const fs = require("node:fs");
  const given = (option) => process.argv[process.argv.indexOf(option) + 1];
  fs.mkdirSync(given("--out"), { recursive: true });
  fs.writeFileSync(given("--out") + "/index.html", "built from " + given("--db"));
`;

describe("buildSite", () => {
  test("asks the site to build itself from the store", async () => {
    const { folder, out } = site(BUILDS);
    await buildSite({ folder, out, db: "the store" });
    expect(readFileSync(join(out, "index.html"), "utf8")).toBe("built from the store");
  });

  test.each([
    [
      "process.stderr.write('\\u001b[31m[ERROR] a page is broken\\u001b[0m\\n  at x\\n'); process.exit(1)",
      "[ERROR] a page is broken",
    ],
    ["console.log('no reason given'); process.exit(1)", "no reason given"],
    ["process.exit(1)", "it failed without a word"],
  ])("says why the site was not built: %s", async (script, reason) => {
    const { folder, out } = site(script);
    await expect(buildSite({ folder, out, db: "x" })).rejects.toMatchObject({
      code: "SITE_BUILD_FAILED",
      message: `the site was not built: ${reason}`,
    });
    // The next build can begin.
    takeLock(join(folder, ".astro/build.lock"), { what: "build" }).release();
  });
});

/** A site package whose build is this script. */
function site(script: string): { folder: string; out: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, "src/build.ts"), script);
  return { folder, out: join(folder, "dist") };
}

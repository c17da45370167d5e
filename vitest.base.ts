import { join } from "node:path";
import type { ViteUserConfig } from "vitest/config";

/**
 * What every package's tests share; a package's `vitest.config.ts` says `export default packageTests()`.
 *
 * The JSON report is where `npm test` reads its counts from. A package without tests fails, and so does one whose
 * tests reach less than 80 % of its statements, branches, functions or lines.
 *
 * Test files run on all cores. Programs that tests start find what Node compiled for the one before: half of a start is
 * reading TypeScript.
 *
 * @param exclude files of `src` that no test of this package can measure (each with its reason beside it)
 */
export function packageTests({ exclude = [] }: { exclude?: string[] } = {}): ViteUserConfig {
  return {
    test: {
      include: ["test/**/*.test.ts"],
      passWithNoTests: false,
      allowOnly: false,
      retry: 0,
      testTimeout: 120_000,
      hookTimeout: 240_000,
      maxWorkers: "100%",
      env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "compiled") },
      reporters: ["default", ["json", { outputFile: "test-results/vitest.json" }]],
      coverage: {
        provider: "v8",
        include: ["src/**/*.ts"],
        exclude,
        reporter: ["text-summary", "json-summary"],
        reportsDirectory: "coverage",
        thresholds: { statements: 80, branches: 80, functions: 80, lines: 80 },
      },
    },
  };
}

import { packageTests } from "../vitest.base.ts";

export default packageTests({
  exclude: [
    // Process entries: the end-to-end tests run them as processes, where coverage does not reach.
    "src/main.ts",
    "src/packed.ts",
    "src/suites/history-writer.ts",
    "src/runners/index-once.ts",
    "src/runners/cases-once.ts",
    "src/runners/phases-once.ts",
    "src/runners/edits-once.ts",
  ],
});

export default {
  test: {
    include: ["test/**/*.test.mjs"],
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "test-results/vitest.json" }]],
  },
};

/**
 * What can be run after the set-up.
 *
 * `script` is run by Node with `args` before the user's own. `addon`: whether the job needs the native engine;
 * `rust`: whether it runs cargo itself.
 * `userFolder`: whether the job runs where the command was typed, so that relative paths mean what they say.
 *
 * @type {Record<string, { script: string, args?: string[], addon: boolean, rust?: boolean, userFolder: boolean, summary: string }>}
 */
export const jobs = {
  start: {
    script: "harness/src/main.ts",
    args: ["start"],
    addon: true,
    userFolder: false,
    summary: "fetch, index, score, time, store and show everything",
  },
  test: {
    script: "scripts/test.mjs",
    addon: false,
    rust: true,
    userFolder: false,
    summary: 'every test and check; ends with "N passed, N failed"',
  },
  check: {
    script: "scripts/check.mjs",
    addon: false,
    rust: true,
    userFolder: false,
    summary: "format, lint, types, boundaries, stale generated files",
  },
  site: { script: "site/src/serve.ts", addon: false, userFolder: false, summary: "serve the built site on loopback" },
  "site:build": {
    script: "site/src/build.ts",
    addon: false,
    userFolder: false,
    summary: "build the site from the stored results into site/dist",
  },
  "site:check": {
    script: "scripts/site-check.mjs",
    addon: false,
    userFolder: false,
    summary: "check the built site: links, HTML, figures, accessibility, Lighthouse",
  },
  callgraph: {
    script: "engine/bin/callgraph.mjs",
    addon: true,
    userFolder: true,
    summary: "the engine's whole answer for a folder",
  },
  cibench: {
    script: "cibench/src/cli/main.ts",
    addon: true,
    userFolder: true,
    summary: "run, list, report, selfcheck: score a tool",
  },
  corpora: {
    script: "corpora/src/cli/main.ts",
    addon: false,
    userFolder: true,
    summary: "list, fetch and derive what is measured on",
  },
  bench: {
    script: "harness/src/main.ts",
    args: ["bench"],
    addon: true,
    userFolder: true,
    summary: "time the engine and store the samples",
  },
  "drift-bench": {
    script: "harness/src/main.ts",
    args: ["drift-bench"],
    addon: true,
    userFolder: true,
    summary: "say whether something became slower: gate, run, compare, ingest, prove, doctor",
  },
  "long:changepoints": {
    script: "harness/src/main.ts",
    args: ["drift-bench", "changepoints", "--evaluate"],
    addon: true,
    userFolder: true,
    summary: "score the change points beside Otava and asv",
  },
  "long:store": {
    script: "harness/src/main.ts",
    args: ["drift-bench", "history", "stress"],
    addon: true,
    userFolder: true,
    summary: "kill writers of a history, and fill one with a million values",
  },
  "long:fuzz": {
    script: "harness/src/main.ts",
    args: ["long:fuzz"],
    addon: true,
    rust: true,
    userFolder: true,
    summary: "fuzz the front end and the solver, on from where it ended",
  },
  "long:prove": {
    script: "harness/src/main.ts",
    args: ["long:prove"],
    addon: true,
    userFolder: false,
    summary: "measure how often the gate is wrong and what it finds, for hours",
  },
  "bench:peers": {
    script: "harness/src/main.ts",
    args: ["bench:peers"],
    addon: true,
    rust: true,
    userFolder: true,
    summary: "index a folder beside other tools, in turns",
  },
  "bench:incremental": {
    script: "harness/src/main.ts",
    args: ["bench:incremental"],
    addon: true,
    userFolder: true,
    summary: "what an edit, a start and a question cost",
  },
  "long:kill": {
    script: "harness/src/main.ts",
    args: ["long:kill"],
    addon: true,
    userFolder: true,
    summary: "kill indexing at random moments, on from where it ended",
  },
  "long:scale": {
    script: "harness/src/main.ts",
    args: ["long:scale"],
    addon: true,
    userFolder: true,
    summary: "index projects of up to 100,000 files",
  },
  results: {
    script: "harness/src/main.ts",
    args: ["results"],
    addon: false,
    userFolder: true,
    summary: "show, publish and rebuild stored results",
  },
  gen: {
    script: "scripts/gen.mjs",
    addon: false,
    rust: true,
    userFolder: false,
    summary: "rewrite the generated files",
  },
  golden: {
    script: "scripts/golden.mjs",
    addon: false,
    rust: true,
    userFolder: false,
    summary: "rewrite the expected outputs of tests",
  },
  format: {
    script: "scripts/format.mjs",
    addon: false,
    rust: true,
    userFolder: false,
    summary: "format every source file",
  },
};

/** The text of `node scripts/bootstrap.mjs --help`. */
export function usage() {
  const width = Math.max(...Object.keys(jobs).map((name) => name.length));
  const rows = Object.entries(jobs).map(([name, { summary }]) => `  ${name.padEnd(width)} ${summary}`);
  return [
    "Usage: node scripts/bootstrap.mjs <job> [arguments...]",
    "",
    "Sets up what is missing, then runs the job:",
    "",
    ...rows,
    "",
    'Each is also "npm run --silent <job> -- [arguments...]"; "--help" after a job tells its options.',
    "",
  ].join("\n");
}

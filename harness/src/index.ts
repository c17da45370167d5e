export { type Environment, type Measurement, type Ratio, BenchReport, RunFile } from "./store/schema.ts";
export { openHistory, publishRun, rebuildStore } from "./store/publish.ts";
export { completeRun, resultPaths } from "./store/run-file.ts";
export { recordRun } from "./store/write.ts";
export { startLab } from "./run.ts";

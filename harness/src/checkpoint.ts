/** Places where a test may kill the job, to prove that what is left behind is usable. */
export const CHECKPOINTS = ["fetch", "index", "score", "store-files", "store", "site"] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

/**
 * The hook that the job calls at each place. It does nothing outside tests: only with `NODE_ENV=test` does
 * `DRIFT_TEST_KILL_AT` name the place at which the process kills itself as `kill -9` would.
 */
export function checkpointHook(env: NodeJS.ProcessEnv): (at: Checkpoint) => void {
  const target = env["NODE_ENV"] === "test" ? env["DRIFT_TEST_KILL_AT"] : undefined;
  return (at) => {
    if (at === target) process.kill(process.pid, "SIGKILL");
  };
}

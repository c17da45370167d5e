import { packageTests } from "../vitest.base.ts";

const config = packageTests();

/** One file after the other: tests that fork without end use up the processes that the kernel allows the user of all others. */
export default { ...config, test: { ...config.test, fileParallelism: false } };

import { packageTests } from "../vitest.base.ts";

export default packageTests({
  // The process entry: it only hands argv and streams to program.ts, and the end-to-end tests run it as a process.
  exclude: ["src/cli/main.ts"],
});

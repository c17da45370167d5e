import { packageTests } from "../vitest.base.ts";

// `callgraph.ts` only hands the process's own streams to `callgraph-command.ts`; it is tested as a process.
export default packageTests({ exclude: ["src/callgraph.ts", "src/types.ts", "src/binding/index.d.ts"] });

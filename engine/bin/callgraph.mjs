#!/usr/bin/env node
// Plain JavaScript, so that Node keeps what it made of the TypeScript behind it: the second start skips that work.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("../src/callgraph.ts");

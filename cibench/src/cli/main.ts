#!/usr/bin/env node
import {
  fetchCorpus,
  freshCorpus,
  initOwnCorpus,
  listCorpora,
  loadCallGraphTruth,
  loadChangeTruth,
  loadLayeredTruth,
  loadOwnCorpus,
  loadRuleTruth,
  variantCorpus,
} from "@drift/corpora";
import { processMemory } from "../memory.ts";
import { codeState } from "./code-state.ts";
import { runCli } from "./program.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  now: () => new Date(),
  clock: () => performance.now(),
  memory: processMemory(),
  code: () => codeState(process.argv[1] ?? import.meta.filename),
  corpora: {
    list: listCorpora,
    fetch: fetchCorpus,
    fresh: freshCorpus,
    variant: variantCorpus,
    truth: loadCallGraphTruth,
    changes: loadChangeTruth,
    rules: loadRuleTruth,
    planted: loadLayeredTruth,
    own: loadOwnCorpus,
    init: initOwnCorpus,
  },
  interrupted: () => new Promise((resolve) => process.once("SIGINT", () => resolve())),
});

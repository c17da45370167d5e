/** `flooded.ts <command> <calls>`: asks a program about calls with the limits as they are; prints what came of it, and the peak memory of this process in bytes. */
import { commandAdapter } from "../../src/adapters/command.ts";
import { runTool } from "../../src/run.ts";
import { corpusOf, ITEM_LIMITS } from "./resolved-corpus.ts";
import { tinyTruth } from "./tiny-truth.ts";

const [command = "", calls] = process.argv.slice(2);
const truth = tinyTruth(Array.from({ length: Number(calls) }, () => ({ must: [0] })));
const adapter = commandAdapter({ name: "flood", command, itemLimits: ITEM_LIMITS });
const { report } = await runTool({ adapter, corpora: [corpusOf(truth)], seed: 1, now: () => new Date() });
const [{ problems, notRun } = { problems: null, notRun: "nothing" }] = report.corpora;
console.log(JSON.stringify({ problems, notRun, peakBytes: process.resourceUsage().maxRSS * 1024 }));

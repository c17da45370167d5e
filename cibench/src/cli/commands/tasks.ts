/** `cibench tasks`: the questions, for who answers them elsewhere. */
import type { Command } from "commander";
import { requestsOf } from "../../adapters/command.ts";
import { callGraphTask } from "../../tasks/perception/call-graph.ts";
import { EXIT, type Io } from "../io.ts";
import { loadCorpora } from "../load-corpora.ts";
import { corpusOption, offlineOption } from "../options.ts";

export function addTasksCommand(program: Command, io: Io, finish: (exitCode: number) => void): void {
  program
    .command("tasks")
    .description("Print what a program would be asked, a line of JSON each; its answers are for run --predictions.")
    .addOption(corpusOption("all"))
    .addOption(offlineOption())
    .action(async ({ corpus, offline }: { corpus: string; offline: boolean }) => {
      for (const { fetched, truth } of await loadCorpora(corpus, offline, io)) {
        const requests = requestsOf(callGraphTask(truth), fetched.root);
        io.stdout(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
      }
      finish(EXIT.fine);
    });
}

/** From the options of `run` to the tools that it asks. */
import { Language } from "@drift/corpora";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Adapter, Contestant } from "../adapters/adapter.ts";
import { ADAPTERS, PEERS } from "../adapters/all.ts";
import { commandAdapter } from "../adapters/command.ts";
import { lspAdapter } from "../adapters/lsp/lsp.ts";
import { predictionsAdapter } from "../adapters/predictions.ts";
import { CibenchError } from "../errors.ts";
import type { ItemLimits } from "../schema/limits.ts";
import { countArgument, secondsArgument, usdArgument } from "./options.ts";

const TOOLS: Readonly<Record<string, Adapter>> = { ...ADAPTERS, ...PEERS };

export interface ToolFlags {
  tool: string;
  adapter?: string;
  command?: string;
  predictions?: string;
  lsp?: string;
  name?: string;
  toolVersion?: string;
  languages?: Language[];
  itemTimeout: number;
  itemTokens?: number;
  itemCost?: number;
}

const ITEM_SECONDS = 10;

export function addToolOptions(command: Command): Command {
  const names = [...Object.keys(TOOLS), "all"];
  return command
    .addOption(new Option("--tool <name>", "the tool to ask").choices(names).default("drift"))
    .addOption(new Option("--adapter <name>", "the same as --tool").choices(names))
    .addOption(new Option("--command <line>", "ask a program that speaks JSON lines instead").conflicts("predictions"))
    .option("--predictions <file>", "score a file of answers instead")
    .addOption(
      new Option(
        "--lsp <line>",
        "ask a language server instead, started so that it speaks over standard input",
      ).conflicts(["command", "predictions"]),
    )
    .option("--name <name>", "what to call such a tool", nameArgument)
    .option("--tool-version <text>", "the version of the tool that made the predictions")
    .option(
      "--languages <list>",
      "the languages that such a tool reads, separated by commas: its figure on these stands beside the total",
      languagesArgument,
    )
    .option(
      "--item-timeout <seconds>",
      "for each question to a program or server; a later answer counts as none",
      secondsArgument,
      ITEM_SECONDS,
    )
    .option("--item-tokens <n>", "an answer of a program that says it took more tokens counts as none", countArgument)
    .option(
      "--item-cost <usd>",
      "an answer of a program that says it cost more US dollars counts as none",
      usdArgument,
    );
}

/** @throws CibenchError `UNKNOWN_TOOL` */
export function toolsOf(flags: ToolFlags): Adapter[] {
  const { languages } = flags;
  if (languages === undefined) return namedTools(flags);
  return namedTools(flags).map((adapter): Adapter => {
    if (adapter.role !== "contestant" || Object.hasOwn(TOOLS, adapter.name)) {
      throw new CibenchError("BAD_OPTION", `${adapter.name} says itself which languages it reads`, {
        hint: "Leave out --languages, or give it with --command, --predictions or --lsp.",
      });
    }
    return reading(adapter, languages);
  });
}

/** The tool with the languages that whoever runs it says it reads. */
function reading(tool: Contestant, languages: readonly Language[]): Contestant {
  return { ...tool, selector: `${tool.selector ?? ""} --languages ${languages.join(",")}`.trim(), languages };
}

function namedTools(flags: ToolFlags): Adapter[] {
  const { command, predictions, lsp, toolVersion: version = "unknown" } = flags;
  if (command !== undefined) {
    const tool = commandAdapter({ name: flags.name ?? "command", command, itemLimits: itemLimitsOf(flags) });
    return [{ ...tool, selector: `${tool.selector ?? ""}${itemFlags(flags)}` }];
  }
  if (predictions !== undefined) {
    return [predictionsAdapter({ name: flags.name ?? "predictions", file: predictions, version })];
  }
  if (lsp !== undefined) {
    const name = flags.name ?? "lsp";
    const selector = `--lsp ${JSON.stringify(lsp)} --name ${name}${itemFlags(flags)}`;
    const server = () => ({ command: lsp });
    return [
      lspAdapter({ name, selector, server, endings: null, version: null, itemTimeoutMs: flags.itemTimeout * 1000 }),
    ];
  }
  const tool = flags.adapter ?? flags.tool;
  if (tool === "all") return Object.values(ADAPTERS);
  const adapter = TOOLS[tool];
  if (adapter === undefined) throw new CibenchError("UNKNOWN_TOOL", `there is no tool "${tool}"`);
  return [adapter];
}

function itemLimitsOf({ itemTimeout, itemTokens, itemCost }: ToolFlags): ItemLimits {
  return { timeMs: itemTimeout * 1000, tokens: itemTokens ?? null, costUsd: itemCost ?? null };
}

/** Limits of items that are not as they are by default: with others a tool may answer otherwise. */
function itemFlags({ itemTimeout, itemTokens, itemCost }: ToolFlags): string {
  return [
    itemTimeout === ITEM_SECONDS ? "" : ` --item-timeout ${itemTimeout}`,
    itemTokens === undefined ? "" : ` --item-tokens ${itemTokens}`,
    itemCost === undefined ? "" : ` --item-cost ${itemCost}`,
  ].join("");
}

function languagesArgument(text: string): Language[] {
  const parsed = Language.array().min(1).safeParse(text.split(","));
  if (!parsed.success) throw new InvalidArgumentError(`It must be some of ${Language.options.join(", ")}.`);
  return [...new Set(parsed.data)].toSorted();
}

/** It becomes part of the name of a file, and must not be taken for one of ours. */
export function nameArgument(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) {
    throw new InvalidArgumentError("It must be small letters, digits and dashes, 40 at most.");
  }
  if (Object.hasOwn(TOOLS, text)) throw new InvalidArgumentError("That is another tool's name.");
  return text;
}

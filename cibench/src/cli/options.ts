/** Options that several commands share, and readers for numbers. */
import { InvalidArgumentError, Option } from "commander";

export function corpusOption(byDefault: string): Option {
  return new Option(
    "--corpus <ids>",
    "corpora: ids and folders of your own (see corpus init) separated by commas, or all, real, synthetic, or a language",
  ).default(byDefault);
}

export function seedOption(): Option {
  return new Option("--seed <n>", "seed of everything drawn: resamples, random answers")
    .argParser(integerArgument)
    .default(1);
}

export function offlineOption(): Option {
  return new Option("--offline", "use only what is on this computer").default(false);
}

export function jsonOption(): Option {
  return new Option("--json", "print the record instead of tables").default(false);
}

/** A 32-bit integer, as the generator takes it. */
function integerArgument(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || (value | 0) !== value) throw new InvalidArgumentError("It must be an integer of 32 bits.");
  return value;
}

/** Seconds, above 0 and below the longest timer that Node has. */
export function secondsArgument(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 2_000_000)) throw new InvalidArgumentError("It must be a number of seconds above 0.");
  return value;
}

/** `2/5`: the second of five parts. */
export function shardArgument(text: string): { part: number; of: number } {
  const [, part = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of) throw new InvalidArgumentError("It must be like 1/3: a part and their number.");
  return { part, of };
}

/** A whole number from 1 on. */
export function countArgument(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return value;
}

/** A seed of fresh projects: it becomes part of the name of a corpus. */
export function freshSeedArgument(text: string): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value >= 2 ** 31) {
    throw new InvalidArgumentError("It must be a whole number from 0 on, of 31 bits.");
  }
  return value;
}

/** US dollars above 0. */
export function usdArgument(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1e6)) throw new InvalidArgumentError("It must be a number of US dollars above 0.");
  return value;
}

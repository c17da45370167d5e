/** What a command may use of the world, handed in by `main` so that tests can hand in another. */
import type {
  CallGraphTruth,
  ChangeTruth,
  CorpusSpec,
  FetchedCorpus,
  InitReport,
  LayeredTruth,
  RuleTruth,
  VariantKind,
  VariantTable,
} from "@drift/corpora";
import type { MemoryMeter } from "../memory.ts";

export interface Io {
  /** Results only. */
  stdout: (text: string) => void;
  /** Progress and warnings. */
  stderr: (text: string) => void;
  /** True when standard error is a terminal, on which a line can be rewritten. */
  isTerminal: boolean;
  now: () => Date;
  /** Monotonic milliseconds. */
  clock: () => number;
  corpora: CorpusSource;
  /** Of this process; absent where memory is not measured. */
  memory?: MemoryMeter;
  /** A hash of the code that runs: whether an interrupted run can go on with it. */
  code: () => string;
  /** Settles when whoever typed the command wants it to end. */
  interrupted: () => Promise<void>;
}

interface StepOptions {
  offline?: boolean;
  onProgress?: (progress: { phase: string; done: number; total: number }) => void;
}

/** Where corpora and truth come from: `@drift/corpora`, or a test. */
export interface CorpusSource {
  list: () => Pick<CorpusSpec, "id" | "kind" | "version" | "language" | "licence" | "split">[];
  fetch: (id: string, options: StepOptions) => Promise<FetchedCorpus>;
  truth: (fetched: FetchedCorpus, options: StepOptions) => Promise<CallGraphTruth>;
  /** What is known about changes of a corpus; null where nothing is. */
  changes: (fetched: FetchedCorpus) => Promise<ChangeTruth | null>;
  /** What is known about the rules that a corpus enforces; null where nothing is. */
  rules: (fetched: FetchedCorpus) => Promise<RuleTruth | null>;
  /** What was planted in a corpus beside calls; null where nothing was. */
  planted: (fetched: FetchedCorpus) => Promise<LayeredTruth | null>;
  /** A project like a generated corpus, from another seed; absent where there is no generator. */
  fresh?: (base: string, seed: number, options: StepOptions) => Promise<FetchedCorpus>;
  /** The same corpus under other names or with other comments; absent where there are no variants. */
  variant?: (
    fetched: FetchedCorpus,
    options: { kind: VariantKind; seed: number },
  ) => Promise<{ fetched: FetchedCorpus; table: VariantTable }>;
  /** A folder of the user's own, or its manifest. */
  own: (folderOrManifest: string, options: StepOptions) => Promise<FetchedCorpus>;
  /** Makes such a folder a corpus. */
  init: (folder: string, options: StepOptions & { fresh: boolean }) => Promise<InitReport>;
}

/** What a command ends with; style guide, section 5. */
export const EXIT = { fine: 0, no: 1, badArguments: 2, nothingMeasured: 3, bug: 70 } as const;

/** Codes of expected failures that lie in what was typed. */
const BAD_ARGUMENTS: ReadonlySet<string> = new Set(["UNKNOWN_TOOL", "BAD_OPTION", "UNKNOWN_CORPUS", "CORPUS_UNKNOWN"]);

/**
 * Prints an error to standard error and says how the process should end. An expected failure (a stable code and a
 * hint) is one sentence with its next step; anything else is a bug and shows its stack.
 */
export function reportFailure(error: unknown, io: Pick<Io, "stderr">): number {
  if (!isExpected(error)) {
    io.stderr(`This is a bug in Drift: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.bug;
  }
  io.stderr(`cibench: ${error.message} (${error.code})\n${error.hint === undefined ? "" : `${error.hint}\n`}`);
  return BAD_ARGUMENTS.has(error.code) ? EXIT.badArguments : EXIT.nothingMeasured;
}

/** Every package has its own class of expected failures; what they share is their shape. */
export function isExpected(error: unknown): error is Error & { code: string; hint: string | undefined } {
  return error instanceof Error && "hint" in error && "code" in error && typeof error.code === "string";
}

/** Progress on standard error: one line rewritten on a terminal (with an estimate of the time left), else a line per phase. */
export function progressPrinter(
  io: Pick<Io, "stderr" | "isTerminal" | "clock">,
): (what: string, done: number, total: number) => void {
  let current = "";
  let since = 0;
  return (what, done, total) => {
    if (what !== current) {
      if (io.isTerminal && current !== "") io.stderr("\n");
      current = what;
      since = io.clock();
      if (!io.isTerminal) io.stderr(`${what} …\n`);
    }
    if (!io.isTerminal) return;
    const leftMs = done > 0 && total > done ? ((io.clock() - since) / done) * (total - done) : 0;
    const eta = leftMs >= 1000 ? `, ${Math.ceil(leftMs / 1000)} s left` : "";
    io.stderr(`\r\u001b[K${what} ${total > 0 ? `${done}/${total}` : ""}${eta}`);
    if (total > 0 && done >= total) {
      io.stderr("\n");
      current = "";
    }
  };
}

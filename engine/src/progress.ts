import type { IndexProgress } from "./types.ts";

/** Where progress goes. */
export interface ProgressOutput {
  write: (text: string) => void;
  /** Whether a line can be written over. */
  isTerminal: boolean;
  /** Milliseconds from any fixed moment. */
  nowMs: () => number;
}

/**
 * Shows progress: on a terminal one line with count, phase and remaining time, written over; else a plain line when a
 * phase ends.
 */
export function progressReporter({ write, isTerminal, nowMs }: ProgressOutput): {
  show: (progress: IndexProgress) => void;
  /** Clears the terminal's line. */
  end: () => void;
} {
  let phase: string | undefined;
  let startMs = 0;
  return {
    show(progress) {
      if (progress.phase !== phase) {
        phase = progress.phase;
        startMs = nowMs();
      }
      if (isTerminal) write(`\r\x1b[K${line(progress, nowMs() - startMs)}`);
      else if (progress.done === progress.total) write(`${line(progress, 0)}\n`);
    },
    end() {
      if (isTerminal && phase !== undefined) write("\r\x1b[K");
    },
  };
}

function line({ phase, done, total }: IndexProgress, elapsedMs: number): string {
  const count = phase === "parse" ? ` ${done}/${total} files` : done === total ? " done" : "";
  // Too early a guess is worse than none.
  if (done === total || done === 0 || elapsedMs < 500) return phase + count;
  const leftS = Math.ceil(((elapsedMs / done) * (total - done)) / 1000);
  return `${phase}${count}, about ${leftS} s left`;
}

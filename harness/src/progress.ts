/** What a long step says while it runs: one rewritten line on a terminal, plain lines elsewhere. */

/** Where progress goes; `process.stderr` is one. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** One step of the job. */
export interface Phase {
  /** `done` of `total` parts are finished; `what` is being worked on now, `detail` is too quick for lines of its own. */
  at(done: number, total: number, what?: string, detail?: string): void;
  /** Ends the phase with what came of it. */
  end(result: string): void;
}

export interface Progress {
  begin(name: string): Phase;
  /** A line of its own: something the user should know. */
  say(text: string): void;
  /** Seconds of every phase that ended, in order. */
  readonly seconds: readonly { phase: string; seconds: number }[];
}

/**
 * @param options.phases how many phases the job has, for "2/6"
 * @param options.nowMs a clock that only moves forward, in milliseconds
 */
export function createProgress(stream: ProgressStream, options: { phases: number; nowMs: () => number }): Progress {
  const seconds: { phase: string; seconds: number }[] = [];
  const terminal = stream.isTTY === true;
  let count = 0;
  let lineOpen = false;

  const line = (text: string): void => {
    stream.write(`${lineOpen ? "\r\u001B[K" : ""}${text}\n`);
    lineOpen = false;
  };
  const rewrite = (text: string): void => {
    stream.write(`\r\u001B[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    lineOpen = true;
  };

  return {
    seconds,
    say: line,
    begin(name) {
      count += 1;
      const head = `[${count}/${options.phases}] ${name}`;
      const startMs = options.nowMs();
      let lastWhat: string | undefined;
      if (terminal) rewrite(head);
      else line(head);
      return {
        at(done, total, what = "", detail = "") {
          const now = [`${head} ${done}/${total}`, what, detail].filter(Boolean).join(" ");
          if (terminal) rewrite(now + timeLeft(options.nowMs() - startMs, done, total));
          else if (what !== lastWhat) line([`${head} ${done}/${total}`, what].filter(Boolean).join(" "));
          lastWhat = what;
        },
        end(result) {
          const elapsed = (options.nowMs() - startMs) / 1000;
          seconds.push({ phase: name, seconds: elapsed });
          line(`${head}: ${result} (${elapsed.toFixed(1)} s)`);
        },
      };
    },
  };
}

/** The time left if the rest goes as fast as what is done; silent until there is something to go by. */
function timeLeft(elapsedMs: number, done: number, total: number): string {
  if (done <= 0 || done >= total || elapsedMs < 1000) return "";
  return ` · about ${Math.ceil(((elapsedMs / done) * (total - done)) / 1000)} s left`;
}

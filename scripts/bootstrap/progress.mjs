/**
 * Tells how far a long step is, on standard error: one line that is rewritten on a terminal; elsewhere one line when the
 * step ends, and one each half minute meanwhile, so that a log shows life without being flooded.
 *
 * @param {{ stream?: NodeJS.WriteStream, now?: () => number }} [options]
 */
export function createProgress({ stream = process.stderr, now = Date.now } = {}) {
  const live = stream.isTTY;
  /**
   * @param {string} name what is done, such as "native build"
   * @param {{ quiet?: boolean }} [options] `quiet`: the caller says itself how it ended
   */
  return function begin(name, { quiet = false } = {}) {
    const startedMs = now();
    let done = 0;
    let total = 0;
    let lastPlainMs = startedMs;
    const seconds = () => Math.round((now() - startedMs) / 1000);
    const draw = () => stream.write(`\r\x1b[2K${describe(name, { done, total, seconds: seconds() })}`);
    const timer = live
      ? setInterval(draw, 250)
      : setInterval(() => {
          if (now() - lastPlainMs < 30_000) return;
          lastPlainMs = now();
          stream.write(`${describe(name, { done, total, seconds: seconds() })}\n`);
        }, 5_000);
    timer.unref();
    if (live) draw();
    return {
      /** @param {number} count @param {number} of zero when not known */
      update(count, of) {
        done = Math.max(done, count);
        total = of;
      },
      /** @param {"done" | "failed"} [outcome] */
      end(outcome = "done") {
        clearInterval(timer);
        if (live) stream.write("\r\x1b[2K");
        if (!quiet) stream.write(`drift: ${name} ${outcome} in ${seconds()} s\n`);
      },
    };
  };
}

/** @param {string} name @param {{ done: number, total: number, seconds: number }} state */
export function describe(name, { done, total, seconds }) {
  if (total === 0 || done === 0) return `drift: ${name}, ${seconds} s so far`;
  const share = Math.min(done / total, 1);
  const left = Math.ceil((seconds / share) * (1 - share));
  return `drift: ${name} ${Math.min(done, total)}/${total}, ${seconds} s so far, about ${left} s left`;
}

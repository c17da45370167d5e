/** What rubrics of drawn questions accept, written down before there was an answer. */

export const NOTHING_BREAKS: string[] = [
  ...["nothing fails", "nothing breaks", "no test fails", "no tests fail", "no test file fails", "no test breaks"],
  ...["none fails", "none fail", "none breaks", "none of them", "none of the", "no failures", "no failure"],
  ...[
    "all pass",
    "all of them pass",
    "all tests pass",
    "everything passes",
    "both pass",
    "all still pass",
    "both still pass",
  ],
  ...["no effect", "no visible effect", "no test notices", "nothing notices", "goes unnoticed", "survives"],
];

/** Of a test file, that it does not fail. */
export const STILL_PASSES: string[] = [
  ...["pass", "stay green", "remain green", "unaffected", "hold", "keep working", "green", "fine", "survive"],
];

export const USELESS: string[] = [
  ...["dead", "unused", "can be deleted", "could be deleted", "can be removed", "could be removed", "safe to delete"],
  ...["safe to remove", "safely deleted", "safely removed", "never called", "never used", "not called", "not used"],
  ...[
    "isn't called",
    "isn't used",
    "nothing calls",
    "nothing uses",
    "no callers",
    "no caller",
    "no references",
    "no uses",
  ],
];

export const USED: string[] = [
  ...[
    "live",
    "alive",
    "in use",
    "is used",
    "are used",
    "used by",
    "still used",
    "needed",
    "is called",
    "called by",
    "gets called",
  ],
  ...[
    "use it",
    "uses it",
    "call it",
    "calls it",
    "must stay",
    "keep it",
    "cannot be deleted",
    "can't be deleted",
    "not dead",
  ],
  ...["isn't dead", "would break", "reached", "exercised"],
];

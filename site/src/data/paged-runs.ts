/** Which runs have a page of their own. */
import { readLeaderboard } from "./board.ts";
import { RUN_PAGES } from "./limits.ts";
import { oncePerStore, type Store } from "./open.ts";
import { listTestbeds } from "./performance.ts";
import { listRuns, type Run } from "./runs.ts";

/** The newest runs up to `limit`, and every older one that another page links to; newest first. */
export const listPagedRuns = oncePerStore((store: Store): Run[] => pagedRuns(store, RUN_PAGES));

/** As {@link listPagedRuns}, for any limit. */
export function pagedRuns(store: Store, limit: number): Run[] {
  const linked = new Set([
    ...readLeaderboard(store).boards.flatMap((board) =>
      [...board.contestants, ...board.selfChecks].map(({ run }) => run.id),
    ),
    ...listTestbeds(store).flatMap(({ runs }) => runs.map(({ id }) => id)),
  ]);
  return listRuns(store).filter(({ id }, place) => place < limit || linked.has(id));
}

/** Bounds that keep the site small; each page that is cut by one says so. */

/** Newest runs that get a page of their own. */
export const RUN_PAGES = 200;

/** Longest text of a tool or corpus that a page prints; downloads hold all of it. */
export const TEXT_LIMIT = 240;

/** Most targets listed for one item on a page. */
export const TARGET_LIMIT = 12;

/** Longest line of source code that a page prints. */
export const LINE_LIMIT = 160;

/** Newest bench runs of a testbed that its history shows. */
export const HISTORY_RUNS = 30;

/** Newest commits of a series that its chart shows, most charts of the page, and most rows of each of its tables. */
export const HISTORY_POINTS = 100;
export const HISTORY_CHARTS = 30;
export const HISTORY_ROWS = 100;

/** Pages of item lists in all, and most of one list; each run and corpus gets an equal share, at least two. */
export const ITEM_PAGES = 1800;
export const LIST_PAGES = 5;

/** Tools of each table by corpus on the leaderboard; the page of a category has them all. */
export const LEADERBOARD_TOOLS = 12;

/** Newest runs that a tool's page lists. */
export const TOOL_RUNS = 50;

/** Kinds of item that a tool's page names as its weakest in each category, and the fewest items of a kind to be named. */
export const WEAK_KINDS = 8;
export const WEAK_KIND_ITEMS = 10;

/** Items of a corpus that are shown with the answers of all tools side by side. */
export const COMPARED_ITEMS = 40;

/** Pairs of tools with a page of their own, kinds of item on it, and items that one of the two has and the other has not. */
export const COMPARE_PAGES = 100;
export const COMPARE_ROWS = 30;
export const COMPARE_SAMPLE = 20;

/** Newest regressions in the feeds. */
export const FEED_ENTRIES = 50;

/** Tools whose reliability diagrams stand on the page of a category, the best first. */
export const RELIABILITY_CHARTS = 12;

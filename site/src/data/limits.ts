/** Bounds that keep the site small; each page that is cut by one says so. */

/** Newest runs that get a page of their own. */
export const RUN_PAGES = 500;

/** Longest text of a tool or corpus that a page prints; downloads hold all of it. */
export const TEXT_LIMIT = 240;

/** Most targets listed for one item on a page. */
export const TARGET_LIMIT = 12;

/** Newest bench runs of a testbed that its history shows. */
export const HISTORY_RUNS = 30;

/** Newest commits of a series that its chart shows, most charts of the page, and most rows of each of its tables. */
export const HISTORY_POINTS = 100;
export const HISTORY_CHARTS = 30;
export const HISTORY_ROWS = 100;

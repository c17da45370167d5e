/** The site of the tests in a real browser. */
import type { Browser, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../src/check/browser.ts";
import { serveSite } from "../src/serve.ts";
import { CALIBRATED_RUNS } from "./calibrated-runs.ts";
import { gateRecord } from "./gate-record.ts";
import { buildTestSite, type TestSite } from "./site.ts";

const RUN = "/runs/cibench-drift-20261123T120000Z-1a2b3c4d/";

/** One page of each kind, by the name of the kind. */
export const PAGES = {
  home: "/",
  leaderboard: "/leaderboard/",
  category: "/leaderboard/call-graph/",
  fresh: "/leaderboard/fresh/",
  robustness: "/leaderboard/robustness/",
  tools: "/tools/",
  tool: "/tools/drift/",
  runs: "/runs/",
  run: RUN,
  "bench-run": "/runs/bench-drift-20261123T121000Z-cc/",
  evidence: `${RUN}zod/`,
  items: `${RUN}zod/all/1/`,
  performance: "/performance/",
  history: "/performance/history/",
  gate: "/performance/gate/",
  corpora: "/corpora/",
  corpus: "/corpora/zod/",
  "corpus-items": "/corpora/zod/items/",
  compare: "/compare/",
  pair: "/compare/drift-vs-grep/",
  search: "/search/",
  glossary: "/glossary/",
  decisions: "/decisions/",
  method: "/method/",
  "method-page": "/method/truth/",
  data: "/data/",
  "not-found": "/no-such-page/",
} as const;
/** Each kind with its page. */
export const KINDS = Object.entries(PAGES);

export const browserPath = findBrowser(process.env);
/** In CI a missing browser is a failure; elsewhere a line of the report says why tests in one did not run. */
export const mustRun = process.env["CI"] === "true";

/** How a page is opened. */
export interface View {
  width: number;
  scheme?: "light" | "dark";
  /** Whether JavaScript is on. */
  scripts?: boolean;
  /** Whether what the test adds to the page is exempt from the page's policy. */
  bypassCSP?: boolean;
}

/** The seeded site behind a server, and a browser. */
export interface OpenSite {
  site: TestSite;
  browser: Browser;
  /** The address of a page such as `/runs/`. */
  address(target: string): string;
  /**
   * Opens a page such as `/runs/`, or a whole address, in a context of its own, hands it over, and returns what the console and
   * the network complained of.
   */
  look(target: string, view: View, use: (page: Page) => Promise<void>): Promise<string[]>;
  close(): Promise<void>;
}

/** Builds and serves the seeded site and starts the browser. */
export async function openSite(): Promise<OpenSite> {
  const site = await buildTestSite(
    { items: 240 },
    { "long/prove.json": JSON.stringify(gateRecord()), ...CALIBRATED_RUNS },
  );
  const server = await serveSite({ dir: site.dist, port: 0 });
  const browser = await launchBrowser(browserPath ?? "");
  const address = (target: string): string => new URL(target, server.url).href;
  return {
    site,
    browser,
    address,
    look: (target, view, use) => look(browser, address(target), view, use),
    close: async () => {
      await browser.close();
      await server.close();
      site.remove();
    },
  };
}

async function look(
  browser: Browser,
  url: string,
  { width, scheme = "light", scripts = false, bypassCSP = false }: View,
  use: (page: Page) => Promise<void>,
): Promise<string[]> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
    bypassCSP,
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("request", (call) => {
      if (!call.url().startsWith(new URL(url).origin)) complaints.push(`request: ${call.url()}`);
    });
    await page.goto(url);
    await use(page);
    return complaints;
  } finally {
    await context.close();
  }
}

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite, type SiteServer } from "../src/serve.ts";
import { accessibilityProblems, COLOURS, overflow, violations, WCAG } from "../src/check/accessibility.ts";
import { findBrowser, launchBrowser } from "../src/check/browser.ts";
import { runLighthouse } from "../src/check/lighthouse.ts";
import { checkSite } from "../src/check/main.ts";
import { CALIBRATED_RUNS } from "./calibrated-runs.ts";
import { gateRecord } from "./gate-record.ts";
import {
  fixLook,
  isUpdating,
  type Look as Fingerprint,
  lookDifferences,
  lookOf,
  readLooks,
  SCHEMES,
  WIDTHS,
  writeLooks,
} from "./looks.ts";
import { buildTestSite, type TestSite } from "./site.ts";

const SCREENSHOTS = fileURLToPath(new URL("../test-results/screenshots", import.meta.url));
const RUN = "/runs/cibench-drift-20261123T120000Z-1a2b3c4d/";

/** One page of each kind. */
const PAGES = {
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
const kinds = Object.entries(PAGES);

const browserPath = findBrowser(process.env);
const mustRun = process.env["CI"] === "true";

// In CI a missing browser is a failure; elsewhere this line of the report says why the tests below did not run.
const presence = browserPath === undefined ? "not run: no browser" : "a browser is there";
// oxlint-disable-next-line vitest/valid-title -- the title is a string, chosen two lines above
test.skipIf(browserPath === undefined && !mustRun)(presence, () => {
  expect(browserPath, "install Chrome or Chromium, or name one in DRIFT_BROWSER").toBeDefined();
});

describe.runIf(browserPath !== undefined)("in a browser", () => {
  let site: TestSite;
  let empty: TestSite;
  let server: SiteServer;
  let emptyServer: SiteServer;
  let browser: Browser;

  beforeAll(async () => {
    rmSync(SCREENSHOTS, { recursive: true, force: true });
    mkdirSync(SCREENSHOTS, { recursive: true });
    site = await buildTestSite({ items: 240 }, { "long/prove.json": JSON.stringify(gateRecord()), ...CALIBRATED_RUNS });
    empty = await buildTestSite(null);
    server = await serveSite({ dir: site.dist, port: 0 });
    emptyServer = await serveSite({ dir: empty.dist, port: 0 });
    browser = await launchBrowser(browserPath ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await emptyServer.close();
    site.remove();
    empty.remove();
  });

  interface Look {
    width: number;
    scheme?: "light" | "dark";
    /** Whether JavaScript is on. */
    scripts?: boolean;
    /** Whether what the test adds to the page is exempt from the page's policy. */
    bypassCSP?: boolean;
  }

  /** Opens a page in a context of its own, hands it over, and returns what the console and the network complained of. */
  async function look(
    url: string,
    { width, scheme = "light", scripts = false, bypassCSP = false }: Look,
    use: (page: Page) => Promise<void>,
  ): Promise<string[]> {
    const context: BrowserContext = await browser.newContext({
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

  const address = (target: string): string => new URL(target, server.url).href;
  /** Chromium itself reports the status of a page that is answered with 404. */
  const expected = (kind: string): string[] =>
    kind === "not-found"
      ? ["error: Failed to load resource: the server responded with a status of 404 (Not Found)"]
      : [];

  const views = [
    { view: "desktop", width: 1280, scheme: "light", rules: WCAG },
    { view: "desktop-dark", width: 1280, scheme: "dark", rules: COLOURS },
    { view: "phone", width: 390, scheme: "light", rules: WCAG },
  ] as const;

  describe.each(views)("$view", ({ view, width, scheme, rules }) => {
    test.each(kinds)("%s is whole without JavaScript, silent and no wider than the screen", async (kind, target) => {
      const complaints = await look(address(target), { width, scheme }, async (page) => {
        expect(await page.locator("h1").count()).toBe(1);
        await page.screenshot({ path: path.join(SCREENSHOTS, `${kind}-${view}.png`), fullPage: true });
        expect(await overflow(page)).toBe(0);
        for (const summary of await page.locator("details > summary").all()) await summary.click();
        expect(await overflow(page)).toBe(0);
        // As narrow as WCAG 1.4.10 asks for.
        await page.setViewportSize({ width: 320, height: 900 });
        expect(await overflow(page)).toBe(0);
      });
      expect(complaints).toEqual(expected(kind));
    });

    test.each(kinds)("%s has no accessibility violation", async (_, target) => {
      await look(address(target), { width, scheme, scripts: true }, async (page) => {
        for (const summary of await page.locator("details > summary").all()) await summary.click();
        expect(await violations(page, rules)).toEqual([]);
        // What scripts show must fit as well.
        await page.setViewportSize({ width: 320, height: 900 });
        expect(await overflow(page)).toBe(0);
      });
    });
  });

  describe("in fixed fonts", () => {
    const seen: Record<string, Fingerprint> = {};
    const kept = isUpdating(process.env) ? {} : readLooks();
    afterAll(() => {
      if (isUpdating(process.env)) writeLooks(seen);
    });

    test.each(kinds)("%s looks as it did in both themes at every width", { timeout: 60_000 }, async (kind, target) => {
      const problems: string[] = [];
      for (const scheme of SCHEMES) {
        await look(address(target), { width: 1440, scheme, scripts: true, bypassCSP: true }, async (page) => {
          await fixLook(page);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            const name = `${kind} ${scheme} ${width}`;
            seen[name] = await lookOf(page);
            const differences = isUpdating(process.env) ? [] : lookDifferences(kept[name], seen[name]);
            problems.push(...differences.map((difference) => `${name}: ${difference}`));
          }
        });
      }
      expect(problems).toEqual([]);
    });

    test("a page without one of its tables no longer does", async () => {
      await look(address("/leaderboard/"), { width: 1440, scripts: true, bypassCSP: true }, async (page) => {
        await fixLook(page);
        const whole = await lookOf(page);
        await page
          .locator("main .scroll")
          .first()
          .evaluate((element) => element.remove());
        expect(lookDifferences(whole, await lookOf(page))).not.toEqual([]);
      });
    });
  });

  test("a site without results is whole as well", async () => {
    for (const [name, width] of [
      ["desktop", 1280],
      ["phone", 390],
    ] as const) {
      const complaints = await look(emptyServer.url, { width }, async (page) => {
        expect(await page.locator(".empty").first().innerText()).toContain("Not measured.");
        expect(await overflow(page)).toBe(0);
        await page.screenshot({ path: path.join(SCREENSHOTS, `empty-${name}.png`), fullPage: true });
      });
      expect(complaints).toEqual([]);
    }
  });

  test("the check of the built site compares figures, and finds nothing in a browser either", async () => {
    const results = await checkSite({ dir: site.dist, dbFile: site.db, perKind: 2, browser: null, lighthouse: false });
    expect(results.map(({ name }) => name)).toEqual(["links", "figures", "html"]);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(Number.parseInt(results[1]?.looked ?? "", 10)).toBeGreaterThan(300);
    expect(await accessibilityProblems(browser, server.url, ["/"])).toEqual([]);
    const wrong = await accessibilityProblems(browser, server.url, ["/no-such-page/"]);
    expect(wrong.map(({ what }) => what).join()).toContain("404");
  });

  test("Lighthouse holds nothing against the home page but the speed of this computer", async () => {
    const [home] = await runLighthouse(browserPath ?? "", server.url, ["/"]);
    expect(home?.scores).toMatchObject({ accessibility: 100, "best-practices": 100, seo: 100 });
    expect(home?.transferredBytes).toBeGreaterThan(1000);
    expect(home?.transferredBytes).toBeLessThan(150_000);
    expect(home?.scriptBytes).toBeLessThan(30_000);
  });

  test("three clicks lead from the board to a single answer, by keyboard too", async () => {
    await look(address("/leaderboard/call-graph/"), { width: 1280 }, async (page) => {
      await page.locator('[aria-label="Call graph on real code: macro-F1 by corpus"] tbody .value').first().click();
      await page.locator(".matrix a").first().focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/runs\/[^/]+\/[a-z-]+\/[a-z.-]+\/1\/$/);
      expect(await page.locator(".items > li").count()).toBeGreaterThan(0);
      expect(await page.locator(".items .place").first().innerText()).toMatch(/^src\/.*:\d+:\d+$/);
    });
  });

  test.each(["/compare/", "/leaderboard/", "/leaderboard/call-graph/"])(
    "%s keeps menus of long names in the window",
    async (target) => {
      await look(address(target), { width: 360, scripts: true }, async (page) => {
        const menus = page.locator("main select:visible");
        expect(await menus.count()).toBeGreaterThan(0);
        for (const menu of await menus.all()) {
          await menu.evaluate((element: HTMLSelectElement) =>
            element.add(new Option("a-tool-of-a-long-name ".repeat(8))),
          );
        }
        expect(await overflow(page)).toBe(0);
      });
    },
  );

  test("the first key press reaches a link that skips to the content", async () => {
    await look(server.url, { width: 1280 }, async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      await page.waitForURL(/#main$/);
    });
  });

  test("a wide table scrolls in its own frame by keyboard", async () => {
    await look(address("/corpora/zod/"), { width: 390 }, async (page) => {
      const frame = page.locator('[aria-label="zod, call graph: precision and recall"]');
      await frame.focus();
      await page.keyboard.press("End");
      expect(await frame.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
      expect(await frame.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
    });
  });
});

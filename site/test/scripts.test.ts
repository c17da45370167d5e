/** What the scripts of the pages do, in a real browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, launchBrowser } from "../src/check/browser.ts";
import { serveSite, type SiteServer } from "../src/serve.ts";
import { type Names, PLAIN_NAMES } from "./seed.ts";
import { buildTestSite, type TestSite } from "./site.ts";

const browserPath = findBrowser(process.env);
const DRIFT = "cibench-drift-20261123T120000Z-1a2b3c4d";
const GREP = "cibench-grep-20261123T120500Z-2b3c4d5e";

describe.runIf(browserPath !== undefined)("with scripts", () => {
  const markup = `<img src=x onerror="document.title='hacked'">`;
  const names: Names = {
    ...PLAIN_NAMES,
    callee: `\u202e${markup}`,
    reason: markup,
  };
  let site: TestSite;
  let server: SiteServer;
  let browser: Browser;

  beforeAll(async () => {
    site = await buildTestSite({ names, items: 60 });
    server = await serveSite({ dir: site.dist, port: 0 });
    browser = await launchBrowser(browserPath ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    site.remove();
  });

  /** Opens a page, hands it over, and expects that nothing complained. */
  async function open(target: string, use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await page.goto(new URL(target, server.url).href);
      await use(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  /** The names of the rows of a table that are shown, in their order. */
  const rowsOf = (page: Page, label: string): Promise<string[]> =>
    page
      .locator(`[aria-label="${label}"] tbody tr:not(.group-label):visible th a`)
      .evaluateAll((links) => links.map((link) => link.textContent ?? ""));

  test("a table is sorted by its heads, by keyboard, and the address keeps the order", async () => {
    let link = "";
    await open("/leaderboard/", async (page) => {
      expect(await rowsOf(page, "Tools on real code")).toEqual(["drift", "grep", "gold", "null"]);
      const head = page.locator('[aria-label="Tools on real code"] th', {
        hasText: "Total",
      });
      await head.locator("button").focus();
      await page.keyboard.press("Enter");
      expect(await head.getAttribute("aria-sort")).toBe("descending");
      await page.keyboard.press("Enter");
      expect(await head.getAttribute("aria-sort")).toBe("ascending");
      expect(await rowsOf(page, "Tools on real code")).toEqual(["grep", "drift", "null", "gold"]);
      link = new URL(page.url()).search;
      expect(link).toContain("sort=");
    });
    await open(`/leaderboard/${link}`, async (page) => {
      expect(await rowsOf(page, "Tools on real code")).toEqual(["grep", "drift", "null", "gold"]);
    });
  });

  test("filters hide kinds of tool and corpora, and the address keeps them", async () => {
    const label = "Call graph on real code: macro-F1 by corpus";
    const heads = (page: Page): Promise<string[]> =>
      page
        .locator(`[aria-label="${label}"] thead th:visible > a`)
        .evaluateAll((links) => links.map((a) => a.textContent ?? ""));
    let link = "";
    await open("/leaderboard/call-graph/", async (page) => {
      expect(await heads(page)).toEqual(["find-my-way", "zod"]);
      await page.selectOption("#filter-kind", "baseline");
      await page.selectOption("#filter-corpus", "zod");
      expect(await rowsOf(page, label)).toEqual(["grep"]);
      expect(await heads(page)).toEqual(["zod"]);
      link = new URL(page.url()).search;
    });
    expect(link).toBe("?kind=baseline&corpus=zod");
    await open(`/leaderboard/call-graph/${link}`, async (page) => {
      expect(await rowsOf(page, label)).toEqual(["grep"]);
    });
    await open(`/leaderboard/${link}`, async (page) => {
      expect(await heads(page)).toEqual(["zod"]);
      expect(await rowsOf(page, label)).toEqual(["grep"]);
      expect(await page.locator('[aria-label="Call graph on synthetic code: macro-F1 by corpus"]').isVisible()).toBe(
        false,
      );
    });
    await open("/leaderboard/call-graph/?corpus=nowhere&kind=%3Cb%3E", async (page) => {
      expect(await heads(page)).toEqual(["find-my-way", "zod"]);
    });
  });

  test("the chosen theme holds on the next page, and the system's comes back", async () => {
    await open("/", async (page) => {
      const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await paper();
      await page.selectOption("#theme-choice", "dark");
      const dark = await paper();
      expect(dark).not.toBe(light);
      await page.goto(new URL("/tools/", server.url).href);
      expect(await paper()).toBe(dark);
      await page.selectOption("#theme-choice", "");
      expect(await paper()).toBe(light);
    });
  });

  test("the search finds as one types, keeps the query, and shows what it finds as text", async () => {
    await open("/search/", async (page) => {
      await page.fill("#search-query", "drift");
      await page.locator('#search-results a[href="/tools/drift/"]').waitFor();
      expect(new URL(page.url()).search).toBe("?q=drift");
      await page.fill("#search-query", "zzzzqqqq");
      await page.locator("#search-status", { hasText: "Nothing found." }).waitFor();
      expect(await page.locator("#search-results li").count()).toBe(0);
    });
    await open("/search/?q=onerror", async (page) => {
      await page.locator("#search-results li").first().waitFor();
      expect(await page.locator("#search-results img").count()).toBe(0);
      expect(await page.title()).toContain("Search");
    });
  });

  test("any two runs are compared, and the address keeps which", async () => {
    await open("/compare/", async (page) => {
      await page.selectOption("#run-a", `/data/runs/${DRIFT}/run.json`);
      await page.selectOption("#run-b", `/data/runs/${GREP}/run.json`);
      await page.click("#compare button");
      await page.locator("#comparison table").first().waitFor();
      expect(new URL(page.url()).search).toBe(`?a=${DRIFT}&b=${GREP}`);
      expect(await page.locator("#comparison .note").innerText()).toBe(
        "Differences are drift minus grep, on the same questions.",
      );
    });
    await open(`/compare/?a=${DRIFT}&b=${GREP}`, async (page) => {
      const cells = page.locator('[aria-label="Raw by corpus"] tbody tr').first().locator("td");
      await cells.first().waitFor();
      expect(await cells.allInnerTexts()).toEqual(["+0.370", "0.870", "0.500"]);
    });
  });

  test("hostile answers stay text with scripts as well", async () => {
    for (const target of ["/", "/corpora/zod/items/", `/runs/${DRIFT}/zod/`]) {
      await open(target, async (page) => {
        expect(await page.locator("main img").count()).toBe(0);
        expect(await page.title()).not.toBe("hacked");
      });
    }
  });
});

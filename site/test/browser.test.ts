import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveSite, type SiteServer } from "../src/serve.ts";
import { accessibilityProblems, COLOURS, overflow, violations, WCAG } from "../src/check/accessibility.ts";
import { runLighthouse } from "../src/check/lighthouse.ts";
import { checkSite } from "../src/check/main.ts";
import { browserPath, KINDS, mustRun, type OpenSite, openSite } from "./in-browser.ts";
import { buildTestSite, type TestSite } from "./site.ts";

const SCREENSHOTS = fileURLToPath(new URL("../test-results/screenshots", import.meta.url));
// In CI a missing browser is a failure; elsewhere this line of the report says why the tests below did not run.
const presence = browserPath === undefined ? "not run: no browser" : "a browser is there";
// oxlint-disable-next-line vitest/valid-title -- the title is a string, chosen two lines above
test.skipIf(browserPath === undefined && !mustRun)(presence, () => {
  expect(browserPath, "install Chrome or Chromium, or name one in DRIFT_BROWSER").toBeDefined();
});

describe.runIf(browserPath !== undefined)("in a browser", () => {
  let open: OpenSite;
  let empty: TestSite;
  let emptyServer: SiteServer;

  beforeAll(async () => {
    rmSync(SCREENSHOTS, { recursive: true, force: true });
    mkdirSync(SCREENSHOTS, { recursive: true });
    open = await openSite();
    empty = await buildTestSite(null);
    emptyServer = await serveSite({ dir: empty.dist, port: 0 });
  });
  afterAll(async () => {
    await open.close();
    await emptyServer.close();
    empty.remove();
  });

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
    test.each(KINDS)("%s is whole without JavaScript, silent and no wider than the screen", async (kind, target) => {
      const complaints = await open.look(target, { width, scheme }, async (page) => {
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

    test.each(KINDS)("%s has no accessibility violation", async (_, target) => {
      await open.look(target, { width, scheme, scripts: true }, async (page) => {
        for (const summary of await page.locator("details > summary").all()) await summary.click();
        expect(await violations(page, rules)).toEqual([]);
        // What scripts show must fit as well.
        await page.setViewportSize({ width: 320, height: 900 });
        expect(await overflow(page)).toBe(0);
      });
    });
  });

  test("a site without results is whole as well", async () => {
    for (const [name, width] of [
      ["desktop", 1280],
      ["phone", 390],
    ] as const) {
      const complaints = await open.look(emptyServer.url, { width }, async (page) => {
        expect(await page.locator(".empty").first().innerText()).toContain("Not measured.");
        expect(await overflow(page)).toBe(0);
        await page.screenshot({ path: path.join(SCREENSHOTS, `empty-${name}.png`), fullPage: true });
      });
      expect(complaints).toEqual([]);
    }
  });

  test("the check of the built site compares figures, and finds nothing in a browser either", async () => {
    const results = await checkSite({
      dir: open.site.dist,
      dbFile: open.site.db,
      perKind: 2,
      browser: null,
      lighthouse: false,
    });
    expect(results.map(({ name }) => name)).toEqual(["links", "figures", "html"]);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(Number.parseInt(results[1]?.looked ?? "", 10)).toBeGreaterThan(300);
    expect(await accessibilityProblems(open.browser, open.address("/"), ["/"])).toEqual([]);
    const wrong = await accessibilityProblems(open.browser, open.address("/"), ["/no-such-page/"]);
    expect(wrong.map(({ what }) => what).join()).toContain("404");
  });

  test("Lighthouse holds nothing against the home page but the speed of this computer", async () => {
    const [home] = await runLighthouse(browserPath ?? "", open.address("/"), ["/"]);
    expect(home?.scores).toMatchObject({ accessibility: 100, "best-practices": 100, seo: 100 });
    expect(home?.transferredBytes).toBeGreaterThan(1000);
    expect(home?.transferredBytes).toBeLessThan(150_000);
    expect(home?.scriptBytes).toBeLessThan(30_000);
  });

  test("three clicks lead from the board to a single answer, by keyboard too", async () => {
    await open.look("/leaderboard/call-graph/", { width: 1280 }, async (page) => {
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
      await open.look(target, { width: 360, scripts: true }, async (page) => {
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
    await open.look("/", { width: 1280 }, async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      await page.waitForURL(/#main$/);
    });
  });

  test("a wide table scrolls in its own frame by keyboard", async () => {
    await open.look("/corpora/zod/", { width: 390 }, async (page) => {
      const frame = page.locator('[aria-label="zod, call graph: precision and recall"]');
      await frame.focus();
      await page.keyboard.press("End");
      expect(await frame.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
      expect(await frame.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
    });
  });
});

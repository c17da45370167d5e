/** Lighthouse's scores of pages, by the browser of this computer. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { BROWSER_FLAGS } from "./browser.ts";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;

/** The scores of one page, each from 0 to 100, and what it transferred. */
export interface LighthouseResult {
  page: string;
  scores: Record<(typeof CATEGORIES)[number], number>;
  transferredBytes: number;
  scriptBytes: number;
  /** Audits that are not passed, by their id. */
  failed: string[];
}

/** Runs Lighthouse on each page below `root`, one after the other, with its simulated slow phone. */
export async function runLighthouse(
  executablePath: string,
  root: string,
  pages: readonly string[],
): Promise<LighthouseResult[]> {
  const { default: lighthouse } = await import("lighthouse");
  const browser = await startBrowser(executablePath);
  try {
    const results: LighthouseResult[] = [];
    for (const page of pages) {
      const run = await lighthouse(new URL(page, root).href, {
        port: browser.port,
        output: "json",
        logLevel: "error",
        onlyCategories: [...CATEGORIES],
      });
      if (run === undefined) continue;
      const { categories, audits } = run.lhr;
      const scoreOf = (id: string): number => Math.round((categories[id]?.score ?? 0) * 100);
      const counted = new Set(
        Object.values(categories).flatMap(({ auditRefs }) =>
          auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id),
        ),
      );
      const requests = (audits["network-requests"]?.details as { items?: NetworkRequest[] } | undefined)?.items ?? [];
      results.push({
        page,
        scores: {
          performance: scoreOf("performance"),
          accessibility: scoreOf("accessibility"),
          "best-practices": scoreOf("best-practices"),
          seo: scoreOf("seo"),
        },
        transferredBytes: sum(requests),
        scriptBytes: sum(requests.filter(({ resourceType }) => resourceType === "Script")),
        failed: [...counted].filter((id) => (audits[id]?.score ?? 1) < 0.9),
      });
    }
    return results;
  } finally {
    browser.stop();
  }
}

interface NetworkRequest {
  resourceType?: string;
  transferSize?: number;
}
const sum = (requests: NetworkRequest[]): number =>
  requests.reduce((all, { transferSize = 0 }) => all + transferSize, 0);

/** A browser of its own with a port for Lighthouse, on loopback, and a profile that goes with it. */
async function startBrowser(executablePath: string): Promise<{ port: number; stop: () => void }> {
  const profile = mkdtempSync(path.join(os.tmpdir(), "drift-lighthouse-"));
  const args = [
    ...BROWSER_FLAGS,
    "--headless=new",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "about:blank",
  ];
  const child = spawn(executablePath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const stop = (): void => {
    child.once("exit", () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
    child.kill();
  };
  const port = await new Promise<number>((resolve, reject) => {
    let said = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the browser ended with ${code}: ${said.slice(-400)}`)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
  });
  child.removeAllListeners("exit");
  return { port, stop };
}

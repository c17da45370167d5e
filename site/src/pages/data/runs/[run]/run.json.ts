import type { APIRoute } from "astro";
import { runJson } from "../../../../data/downloads.ts";
import { RUN_PAGES } from "../../../../data/limits.ts";
import { listRuns, type Run } from "../../../../data/runs.ts";
import { siteStore } from "../../../../data/site.ts";
import { segmentOf } from "../../../../paths.ts";

export function getStaticPaths() {
  return listRuns(siteStore())
    .slice(0, RUN_PAGES)
    .map((run) => ({ params: { run: segmentOf(run.id) }, props: { run } }));
}

export const GET: APIRoute<{ run: Run }> = ({ props }) => new Response(runJson(siteStore(), props.run));

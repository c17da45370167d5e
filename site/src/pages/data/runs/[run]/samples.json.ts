import type { APIRoute } from "astro";
import { samplesJson } from "../../../../data/downloads.ts";
import { listPagedRuns } from "../../../../data/paged-runs.ts";
import type { Run } from "../../../../data/runs.ts";
import { siteStore } from "../../../../data/site.ts";
import { segmentOf } from "../../../../paths.ts";

export function getStaticPaths() {
  return listPagedRuns(siteStore())
    .filter(({ suite }) => suite === "bench")
    .map((run) => ({ params: { run: segmentOf(run.id) }, props: { run } }));
}

export const GET: APIRoute<{ run: Run }> = ({ props }) => new Response(samplesJson(siteStore(), props.run));

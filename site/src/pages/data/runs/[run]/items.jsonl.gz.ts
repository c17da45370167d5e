import type { APIRoute } from "astro";
import { itemsGzip } from "../../../../data/downloads.ts";
import { listRunsWithEvidence } from "../../../../data/evidence.ts";
import type { Run } from "../../../../data/runs.ts";
import { siteStore } from "../../../../data/site.ts";
import { segmentOf } from "../../../../paths.ts";

export function getStaticPaths() {
  return listRunsWithEvidence(siteStore()).map((run) => ({ params: { run: segmentOf(run.id) }, props: { run } }));
}

export const GET: APIRoute<{ run: Run }> = ({ props }) => new Response(itemsGzip(siteStore(), props.run));

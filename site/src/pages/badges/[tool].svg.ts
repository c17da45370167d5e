import type { APIRoute } from "astro";
import { badgeSvg } from "../../data/badge.ts";
import type { Run } from "../../data/runs.ts";
import { siteStore } from "../../data/site.ts";
import { listTools } from "../../data/tools.ts";
import { segmentOf } from "../../paths.ts";

export function getStaticPaths() {
  return listTools(siteStore()).map(({ name, run }) => ({ params: { tool: segmentOf(name) }, props: { run } }));
}

export const GET: APIRoute<{ run: Run }> = ({ props }) => new Response(badgeSvg(props.run));

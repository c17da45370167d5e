import { historyJson } from "../../data/downloads.ts";
import { siteStore } from "../../data/site.ts";

export const GET = (): Response => new Response(historyJson(siteStore()));

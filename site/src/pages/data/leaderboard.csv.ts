import { leaderboardCsv } from "../../data/downloads.ts";
import { siteStore } from "../../data/site.ts";

export const GET = () => new Response(leaderboardCsv(siteStore()));

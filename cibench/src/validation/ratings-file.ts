/** Ratings on disk: a line each, added as they are made, so that an interrupted session goes on where it ended. */
import { appendFile, open, readFile } from "node:fs/promises";
import { z } from "zod";
import { CibenchError } from "../errors.ts";
import { AgreementOutput, ItemScore, Rating, Study } from "../schema/rating.ts";

/** @throws CibenchError `RATINGS_UNREADABLE` */
export async function readStudy(path: string): Promise<Study> {
  return parsed(path, "study", async () => Study.parse(JSON.parse(await readFile(path, "utf8"))));
}

/** Ratings in the order in which they were made; none when there is no such file yet. @throws CibenchError `RATINGS_UNREADABLE` */
export async function readRatings(path: string): Promise<Rating[]> {
  return parsed(path, "file of ratings", async () => {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
      throw error;
    });
    return linesOf(text).map((line) => Rating.parse(JSON.parse(line)));
  });
}

/** Scores by item; what stands beside them in a key of `study draw` is not looked at. @throws CibenchError `RATINGS_UNREADABLE` */
export async function readScores(path: string): Promise<Map<string, number>> {
  return parsed(path, "file of scores", async () => {
    const lines = linesOf(await readFile(path, "utf8")).map((line) => ItemScore.loose().parse(JSON.parse(line)));
    return new Map(lines.map(({ itemId, score }) => [itemId, score]));
  });
}

/** What `agreement --json` printed. @throws CibenchError `RATINGS_UNREADABLE` */
export async function readAgreement(path: string): Promise<AgreementOutput> {
  return parsed(path, "agreement", async () => AgreementOutput.parse(JSON.parse(await readFile(path, "utf8"))));
}

/** Adds one rating, on disk when this returns. */
export async function addRating(path: string, rating: Rating): Promise<void> {
  await appendFile(path, `${JSON.stringify(Rating.parse(rating))}\n`);
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Of several by one rater about one item the last. */
export function lastRatings(ratings: readonly Rating[], rater: string): Map<string, Rating> {
  return new Map(ratings.filter((one) => one.rater === rater).map((one) => [one.itemId, one]));
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function parsed<T>(path: string, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).slice(0, 300) : String(cause);
    throw new CibenchError("RATINGS_UNREADABLE", `${path} is no ${what}: ${why}`, {
      hint: "Their forms are src/schema/json/{study,rating,item-score}.schema.json.",
      cause,
    });
  }
}

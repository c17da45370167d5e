/** Artifacts of Maven repositories, by mvn: settings.xml with its mirrors, proxies and credentials holds. */
import { copyFile, mkdtemp, readdir } from "node:fs/promises";
import path from "node:path";
import { runClient } from "./client.ts";
import { type FetchContext, unreachableError } from "./context.ts";

const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/** Writes a jar to `target`; with the classifier "sources" it holds sources. */
export async function downloadMaven(
  wanted: { group: string; artifact: string; version: string; classifier: string | null },
  target: string,
  folder: string,
  context: FetchContext,
): Promise<void> {
  const behind = wanted.classifier === null ? "" : `:${wanted.classifier}`;
  const artifact = `${wanted.group}:${wanted.artifact}:${wanted.version}:jar${behind}`;
  const out = await mkdtemp(path.join(folder, "artifact-"));
  const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${out}`];
  await runClient(["mvn", "-q", "-B", COPY, ...options], { label: artifact, folder, context });
  const [jar] = await readdir(out);
  if (jar === undefined)
    throw unreachableError(artifact, "mvn left no file", "Check group, artifact, version and classifier.");
  await copyFile(path.join(out, jar), target);
}

/** `npm run gen`: writes the JSON Schemas of `src/schema`. A test fails while they are stale. */
import { mkdirSync, writeFileSync } from "node:fs";
import { jsonSchemas } from "./src/schema/json-schemas.ts";

const folder = new URL("src/schema/json/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of jsonSchemas())
  writeFileSync(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);

/** Under which licence code is, as far as its own files say. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { CorpusSpec } from "../manifest.ts";

/** Sentences that stand in one licence only. */
const PHRASES: readonly [RegExp, string][] = [
  [/Permission is hereby granted, free of charge, to any person obtaining a copy/, "MIT"],
  [/Permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose with or without fee/, "ISC"],
  [/Apache License\s+Version 2\.0/, "Apache-2.0"],
  [/Mozilla Public License,? [Vv]ersion 2\.0/, "MPL-2.0"],
  [/GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/, "AGPL-3.0-only"],
  [/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/, "LGPL-3.0-only"],
  [/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/, "LGPL-2.1-only"],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 3/, "GPL-3.0-only"],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 2/, "GPL-2.0-only"],
  [/Redistribution and use in source and binary forms[\s\S]*Neither the name/, "BSD-3-Clause"],
  [/Redistribution and use in source and binary forms/, "BSD-2-Clause"],
  [/This is free and unencumbered software released into the public domain/, "Unlicense"],
];

/** An SPDX expression and the file that says so; null when none does in a way that a machine can be sure of. */
export async function findLicence(
  root: string,
  files: readonly string[],
): Promise<{ licence: string; from: string } | null> {
  const read = async (file: string): Promise<string> =>
    files.includes(file) ? readFile(path.join(root, file), "utf8") : "";
  const declared: [string, string | undefined][] = [
    ["package.json", stringIn(await read("package.json"), "license")],
    ["Cargo.toml", /^license\s*=\s*"([^"]+)"/m.exec(await read("Cargo.toml"))?.[1]],
    [
      "pyproject.toml",
      /^license\s*=\s*(?:"([^"]+)"|\{\s*text\s*=\s*"([^"]+)")/m
        .exec(await read("pyproject.toml"))
        ?.slice(1)
        .find(Boolean),
    ],
    ["PKG-INFO", /^License(?:-Expression)?: (\S.*)$/m.exec(await read("PKG-INFO"))?.[1]],
  ];
  for (const [from, licence] of declared) if (licence !== undefined && isExpression(licence)) return { licence, from };
  for (const file of files.filter((name) =>
    /^(?:META-INF\/)?(?:licen[cs]e|copying|unlicense)(?:[.-][\w.-]+)?$/i.test(name),
  )) {
    const text = await read(file);
    const found = PHRASES.find(([phrase]) => phrase.test(text))?.[1];
    if (found !== undefined) return { licence: found, from: file };
  }
  return null;
}

/** Free text such as "BSD" or "see LICENSE" is no expression that everybody reads alike. */
function isExpression(licence: string): boolean {
  const words = licence.split(/[\s()]+/).filter((word) => word !== "" && !/^(?:AND|OR|WITH)$/.test(word));
  const known =
    /^(?:0BSD|AFL|AGPL|Apache|Artistic|BlueOak|BSD-\d|BSL|CC0|CC-BY|EPL|EUPL|GPL|ISC|LGPL|MIT|MPL|PSF|Python|Unicode|Unlicense|WTFPL|Zlib|LLVM-exception)/;
  return (
    words.length > 0 && words.every((word) => known.test(word)) && CorpusSpec.shape.licence.safeParse(licence).success
  );
}

function stringIn(json: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(json) as Record<string, unknown>)[key];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

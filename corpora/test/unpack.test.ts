import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { CorpusError } from "../src/errors.ts";
import { listFiles } from "../src/tree.ts";
import { removePrefix, removeTopFolder, unpackArchive, type UnpackOptions } from "../src/unpack/unpack.ts";
import { folderWith } from "./support/folder.ts";
import { type Entry, tar, tarball } from "./support/tarball.ts";
import { zip, type ZipEntry } from "./support/zip.ts";

const BZIP2 =
  "QlpoOTFBWSZTWQSLWrsAALZ7kMqQAMBAAf+AAIRuCd5ABAAACCAAkglRGQ0ABk0NGmgSRJ6p6maQwIyGmgfvaKX8uBCQFc0gFF8DO4bkylzkxCGEd3S13MIEqDALTWZkMI0CCmTlRKppDF1chVblzveJFMYmYSDcHGXUIe7hQRERqGmpSLCUiP0k/FughAfi7kinChIAkWtXYA==";
const XZ =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AIldADobymMkBJSzSsi80f5CS2Mz1B2KueRxe5+EgmLPhynJrXr5IV94rNoiUAnjXupmG5fKEuussagjQuE5QH6EFK4INq86kH8pIIhFHF2BsnU/y+B/tlKjcSYtQpvmZmncqmdfjoq5Y7veDephImOESbQ2o0ttQ67MocFubzVw+Ixd3VGDiXe3P2oAAAAAAKbyHDRCh5U7AAGlAYBQAAC75QE2scRn+wIAAAAABFla";
/** 20 MiB of zeros; the second is packed once more. */
const BZIP2_BOMB =
  "QlpoOTFBWSZTWYSfAaUCgvLbgMiAQAB9AAAI4AAeQAAIIABwUwmmgNMQKVITQaaB6mc76VFIExqpKQJj5xvddulJSBMGO2nGJrhPWnnBrc8vGmux++5znO4lIE/i7kinChIQk+A0oA==";
const XZ_BOMB =
  "H4sIAAAAAAACA/trXhURxcDA8uzaFjcmBkVGGQYGBoHzEWf+/89hnBjLYMNgHCCR0dnMeOdRnlI6618Prfwc08YPxv9jfx4MZdl418yine+B33/pwM87KnZ0/Ahg+vPVYWrpxOzgylPZv9zCtm1drT3leInW/PbGiOdqm08di99obFp7Ln7a1iO/1/CXTiv7e3wz8/Tj9qEVvs8aVNl5Mk8pzLS+uVjg4Pbi/6nlK4pn2789t1FdIiay7WVaUMS+l2VrIp88jWbl+Hn81to/v4O0S87KRSs4/bwbbPtDM4XTuuG0Vs79rdYfjuzVi1/Fb+ed5jRBmO+/wOQfhRWRP7jP/p+q4ca/8k/Nvd+zDPTCDvS3fm5uPJB6RDX4x9eJZoasSze8yz9Y4OvOc3Gi4Kq1CbK7BpvV1/td0+f/F2DUZnhTHLz87751NYZS87f3GuYVzFuuHP9G43Trxakzuuq0Jn5SL/0ueYBthu+MvzfWX53AP3S8SF2rA/ntN40G2GiAjQbYaICNBthogI0G2GiAjQbYwARYg8FPBnaGN/nnRJ4DuxgMbxnzuE/Ncb/LwPhZouFCA1f5RNfdG4+k/2YCSbJERgEAB5VJtZgMAAA=";

interface Outcome {
  files: string[];
  leftOut: string[];
  /** The message of the error, null when all went well. */
  refused: string | null;
}

/** Unpacks into a folder of its own and says what is there; everything around that folder has to stay as it was. */
async function unpacked(archive: Buffer, name: string, options: Partial<UnpackOptions> = {}): Promise<Outcome> {
  const around = folderWith({ neighbour: "untouched" });
  const folder = path.join(around, "out");
  await mkdir(folder);
  await writeFile(path.join(around, name), archive);
  const outcome: Outcome = { files: [], leftOut: [], refused: null };
  try {
    outcome.leftOut = (await unpackArchive(path.join(around, name), folder, { label: "it", ...options })).leftOut;
  } catch (error) {
    if (!(error instanceof CorpusError) || error.code !== "CORPUS_ARCHIVE" || error.hint === undefined) throw error;
    outcome.refused = error.message;
  }
  outcome.files = await listFiles(folder);
  expect((await readdir(around)).sort()).toEqual([name, "neighbour", "out"].sort());
  expect(await readFile(path.join(around, "neighbour"), "utf8")).toBe("untouched");
  return outcome;
}

const TAR = async (entries: readonly Entry[], options?: Partial<UnpackOptions>): Promise<Outcome> =>
  unpacked(tarball(entries), "a.tar.gz", options);
const ZIP = async (entries: readonly ZipEntry[], options?: Partial<UnpackOptions>): Promise<Outcome> =>
  unpacked(zip(entries), "a.zip", options);

test("every kind of archive is unpacked", async () => {
  const entries = [{ path: "top/a.txt", text: "unpacked\n" }];
  const kinds: [string, Buffer][] = [
    ["a.tar", tar(entries)],
    ["a.tar.gz", tarball(entries)],
    ["a.tgz", tarball(entries)],
    ["a.crate", tarball(entries)],
    ["a.tar.bz2", Buffer.from(BZIP2, "base64")],
    ["a.tar.xz", Buffer.from(XZ, "base64")],
    ["a.tar.zst", zstdCompressSync(tar(entries))],
    [
      "a.zip",
      zip([
        { path: "top/", mode: 0o040755 },
        { path: "top/a.txt", content: "unpacked\n" },
      ]),
    ],
    ["a.whl", zip([{ path: "top/a.txt", content: "unpacked\n" }])],
    ["a.jar", zip([{ path: "top/a.txt", content: "unpacked\n" }])],
  ];
  for (const [name, archive] of kinds) {
    expect([name, await unpacked(archive, name)]).toEqual([name, { files: ["top/a.txt"], leftOut: [], refused: null }]);
  }
});

test("an archive of an unknown kind says which are known", async () => {
  expect((await unpacked(Buffer.from("Rar!"), "a.rar")).refused).toContain("a.rar is of no format");
});

test("paths that lead outside are refused, whatever they look like", async () => {
  const paths = ["../x", "a/../../x", "/tmp/drift-escaped", "a//x", "C:/x", "a\\..\\x", ".."];
  for (const bad of paths) {
    expect([bad, (await TAR([{ path: bad, text: "1" }])).refused]).toEqual([
      bad,
      expect.stringContaining("does not lie inside"),
    ]);
    expect([bad, (await ZIP([{ path: bad, content: "1" }])).refused]).toEqual([
      bad,
      expect.stringContaining("cannot be unpacked"),
    ]);
  }
  expect((await ZIP([{ path: `${"n".repeat(300)}/x` }])).refused).toContain("does not lie inside");
  expect((await TAR([{ path: "./a/./x", text: "1" }])).files).toEqual(["a/x"]);
});

test("links are never made: one that leads outside is refused, one that stays inside is left out", async () => {
  for (const link of ["/etc", "../..", "a/../../..", "C:\\x"]) {
    expect((await TAR([{ path: "a/link", link }])).refused).toContain("leads outside");
  }
  expect((await ZIP([{ path: "a/link", content: "../../etc", mode: 0o120777 }])).refused).toContain("leads outside");
  expect((await ZIP([{ path: "a/link", content: "x".repeat(5000), mode: 0o120777 }])).refused).toContain("absurd");
  expect(
    await TAR([
      { path: "a/x", text: "1" },
      { path: "a/link", link: "x" },
    ]),
  ).toEqual({
    files: ["a/x"],
    leftOut: ["a/link"],
    refused: null,
  });
  expect((await ZIP([{ path: "a/link", content: "../b", mode: 0o120777 }])).leftOut).toEqual(["a/link"]);
});

test("nothing is written through a link", async () => {
  const { files, refused } = await TAR([
    { path: "a", link: "b" },
    { path: "a/x", text: "1" },
  ]);
  expect({ files, refused }).toEqual({ files: ["a/x"], refused: null });
});

test("hard links that lead outside are refused, others are left out", async () => {
  expect((await TAR([{ path: "a/link", link: "../../etc/passwd", type: "1" }])).refused).toContain("leads outside");
  expect((await TAR([{ path: "a/link", link: "/etc/passwd", type: "1" }])).refused).toContain("leads outside");
  expect((await TAR([{ path: "a/link", link: "a/x", type: "1" }])).leftOut).toEqual(["a/link"]);
});

test("devices and pipes are refused", async () => {
  for (const type of ["3", "4", "6"]) {
    expect((await TAR([{ path: "a/device", type }])).refused).toContain("neither file nor folder");
  }
  expect((await ZIP([{ path: "a/device", mode: 0o020644 }])).refused).toContain("neither file nor folder");
  expect((await ZIP([{ path: "a/secret", flags: 1 }])).refused).toContain("encrypted");
});

test("an entry named twice is refused, and so is a file in the place of a folder", async () => {
  expect(
    (
      await TAR([
        { path: "a/x", text: "1" },
        { path: "a/./x", text: "2" },
      ])
    ).refused,
  ).toContain("a/x twice");
  expect((await ZIP([{ path: "x" }, { path: "x" }])).refused).toContain("x twice");
  expect(
    (
      await TAR([
        { path: "a/x", text: "1" },
        { path: "a", text: "2" },
      ])
    ).refused,
  ).toContain("cannot be unpacked");
  expect(
    (
      await TAR([
        { path: "a", text: "1" },
        { path: "a/x", text: "2" },
      ])
    ).refused,
  ).toContain("cannot be unpacked");
});

test("a bomb is stopped by its ratio, its size or its number of files", async () => {
  const zeros = "\0".repeat(20 * 2 ** 20);
  expect((await TAR([{ path: "x", text: zeros }])).refused).toContain("more than 150 times its size");
  expect((await ZIP([{ path: "x", content: zeros }])).refused).toContain("more than 150 times its size");
  const limits = { bytes: 2 ** 20, files: 3 };
  expect((await TAR([{ path: "x", text: zeros }], { limits })).refused).toContain("more than 1 MiB");
  const many = ["a", "b", "c", "d"].map((name) => ({ path: name }));
  expect((await TAR(many, { limits })).refused).toContain("more than 3 files");
  expect((await ZIP(many, { limits })).refused).toContain("more than 3 files");
  // What is left out counts all the same.
  expect((await TAR([{ path: "x", text: zeros }], { limits, rename: () => null })).refused).toContain(
    "more than 1 MiB",
  );
});

test("a bomb is stopped in every compression", async () => {
  const zeros = tar([{ path: "x", text: "\0".repeat(20 * 2 ** 20) }]);
  const bombs: [string, Buffer][] = [
    ["a.tar.bz2", Buffer.from(BZIP2_BOMB, "base64")],
    ["a.tar.xz", gunzipSync(Buffer.from(XZ_BOMB, "base64"))],
    ["a.tar.zst", zstdCompressSync(zeros)],
  ];
  for (const [name, archive] of bombs) {
    expect([name, (await unpacked(archive, name)).refused]).toEqual([
      name,
      expect.stringContaining("more than 150 times its size"),
    ]);
  }
});

test("folders and links without end are stopped too, those on the way to a file among them", async () => {
  const limits = { files: 5 };
  const names = ["a", "b", "c", "d", "e", "f"];
  const refused = expect.stringContaining("more than 5 files, folders and links");
  expect(
    await TAR(
      names.map((name) => ({ path: name, type: "5" })),
      { limits },
    ),
  ).toMatchObject({ refused });
  expect(
    await ZIP(
      names.map((name) => ({ path: `${name}/` })),
      { limits },
    ),
  ).toMatchObject({ refused });
  expect(
    await TAR(
      names.map((name) => ({ path: name, link: "x" })),
      { limits },
    ),
  ).toMatchObject({ refused });
  expect(await TAR([{ path: "a/b/c/d/e/f" }], { limits })).toMatchObject({ refused });
  expect(await TAR([{ path: "a/b/c/d/e" }, { path: "a/b/c/d", type: "5" }], { limits })).toMatchObject({
    refused: null,
  });
});

test("names are read from where an archive keeps long ones, and the same holds for them", async () => {
  const pax = (key: string, value: string): Entry => {
    const line = ` ${key}=${value}\n`;
    const length = Buffer.byteLength(line);
    const digits = String(length + String(length).length).length;
    return { path: "PaxHeader", type: "x", text: `${length + digits}${line}` };
  };
  const named = async (name: string): Promise<Outcome> => TAR([pax("path", name), { path: "short", text: "1" }]);
  expect((await named(`${"d".repeat(200)}/${"f".repeat(200)}`)).files).toEqual([
    `${"d".repeat(200)}/${"f".repeat(200)}`,
  ]);
  for (const bad of ["/tmp/drift-escaped", "../x", "n".repeat(256), `${"d/".repeat(1100)}x`]) {
    expect([bad, (await named(bad)).refused]).toEqual([bad, expect.stringContaining("does not lie inside")]);
  }
  expect((await TAR([pax("linkpath", "../../etc"), { path: "link", link: "x" }])).refused).toContain("leads outside");
  expect((await TAR([pax("size", "99999999"), { path: "x", text: "1" }])).refused).toContain("cannot be unpacked");
  expect((await TAR([{ path: "././@LongLink", type: "L", text: "../../x\0" }, { path: "x" }])).refused).toContain(
    "does not lie inside",
  );
});

test("names that differ in capitals alone are two files, or are refused where they cannot be", async () => {
  const { files, refused } = await TAR([
    { path: "a/X", text: "1" },
    { path: "a/x", text: "2" },
  ]);
  expect(files).toEqual(refused === null ? ["a/X", "a/x"] : ["a/X"]);
});

test("a truncated or damaged archive is refused at every length", async () => {
  const entries = [
    { path: "a", text: "text\n".repeat(400) },
    { path: "b", text: "more" },
  ];
  const archives: [string, Buffer][] = [
    ["a.tar", tar(entries)],
    ["a.tar.gz", tarball(entries)],
    ["a.tar.bz2", Buffer.from(BZIP2, "base64")],
    ["a.tar.xz", Buffer.from(XZ, "base64")],
    ["a.zip", zip(entries.map(({ path: name, text }) => ({ path: name, content: text })))],
  ];
  for (const [name, whole] of archives) {
    for (const share of [0.3, 0.6, 0.8]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      expect([name, share, (await unpacked(cut, name)).refused]).toEqual([name, share, expect.any(String)]);
    }
    expect([name, (await unpacked(Buffer.from("not an archive at all"), name)).refused]).toEqual([
      name,
      expect.any(String),
    ]);
  }
});

test("programs stay programs, and no other right is taken over", async () => {
  const folder = folderWith({});
  const file = path.join(folderWith(), "a.zip");
  await writeFile(
    file,
    zip([
      { path: "run", mode: 0o104777 },
      { path: "read", mode: 0o100666 },
    ]),
  );
  await unpackArchive(file, folder, { label: "it" });
  const rights = async (name: string): Promise<number> => (await stat(path.join(folder, name))).mode & 0o7111;
  expect([await rights("run"), await rights("read")]).toEqual([0o111, 0]);
});

test("the one folder at the top goes away, and so does a known prefix", async () => {
  const one = folderWith({ "top/a": "", "top/b/c": "" });
  await removeTopFolder(one);
  expect(await listFiles(one)).toEqual(["a", "b/c"]);
  const two = folderWith({ "top/a": "", other: "" });
  await removeTopFolder(two);
  expect(await listFiles(two)).toEqual(["other", "top/a"]);
  const same = folderWith({ "top/top/a": "" });
  await removeTopFolder(same);
  expect(await listFiles(same)).toEqual(["top/a"]);
  const deep = folderWith({ "example.org/x/text@v1/a": "", "example.org/x/text@v1/b/c": "" });
  await removePrefix(deep, "example.org/x/text@v1");
  expect(await listFiles(deep)).toEqual(["a", "b/c"]);
});

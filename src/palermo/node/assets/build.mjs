// Builds the style sheets, scripts, fonts and the world's boundaries into the folder named on the command line.
// Run by hatch_build.py with the repository's root as working directory.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateSync } from "node:zlib";

import { buildSync } from "esbuild";
import rtlcss from "rtlcss";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const modules = join(process.cwd(), "node_modules");

// The scripts of the languages we expect names and places in; browsers fetch only those a page needs.
const FONTS = {
  "noto-sans": ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese"],
  "noto-sans-arabic": ["arabic"],
};
const WEIGHTS = ["400", "700"];

function write(name, text) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), text);
}

function fontFaces() {
  const wanted = Object.entries(FONTS).flatMap(([family, subsets]) =>
    WEIGHTS.flatMap((weight) => subsets.map((subset) => ({ family, weight, subset }))),
  );
  return wanted.map(fontFace).join("\n");
}

function fontFace({ family, weight, subset }) {
  const folder = join(modules, "@fontsource", family);
  const name = `${family}-${subset}-${weight}-normal`;
  const block = readFileSync(join(folder, `${weight}.css`), "utf8").split("/* ").find((part) => part.startsWith(`${name} `));
  if (!block) throw new Error(`${family} has no subset ${subset} of weight ${weight}`);
  mkdirSync(join(out, "fonts"), { recursive: true });
  cpSync(join(folder, "files", `${name}.woff2`), join(out, "fonts", `${name}.woff2`));
  return block.slice(block.indexOf("@font-face")).replace(/src:[^;]+;/, `src: url(fonts/${name}.woff2) format("woff2");`);
}

// The PDF of a report is set by typst, which reads no web font: the same letters, unpacked from WOFF 1.0
// (W3C Recommendation of 2012-12-13: a header of 44 bytes, table entries of 20, each table by itself zlib'd).
function unpacked(woff) {
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + 16 * count);
  const power = Math.floor(Math.log2(count));
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].forEach((value, at) => head.writeUInt16BE(value, 4 + 2 * at));
  const tables = [];
  let offset = head.length;
  for (let index = 0; index < count; index += 1) {
    const [tag, from, packed, size, sum] = [0, 4, 8, 12, 16].map((at) => woff.readUInt32BE(44 + 20 * index + at));
    const raw = woff.subarray(from, from + packed);
    const table = packed < size ? inflateSync(raw) : raw;
    [tag, sum, offset, size].forEach((value, at) => head.writeUInt32BE(value, 12 + 16 * index + 4 * at));
    tables.push(table, Buffer.alloc(-size & 3));
    offset += size + (-size & 3);
  }
  return Buffer.concat([head, ...tables]);
}

function lettersOfThePdf() {
  for (const weight of WEIGHTS) {
    const name = `noto-sans-arabic-arabic-${weight}-normal`;
    const woff = readFileSync(join(modules, "@fontsource", "noto-sans-arabic", "files", `${name}.woff`));
    write(`fonts/${name}.ttf`, unpacked(woff));
  }
}

function styleSheets() {
  const sheet = compile(join(here, "palermo.scss"), {
    loadPaths: [join(modules, "govuk-frontend", "dist", "govuk")],
    style: "compressed",
  }).css.replace(/^\uFEFF/, "");
  const faces = buildSync({ stdin: { contents: fontFaces(), loader: "css" }, minify: true, write: false, bundle: false });
  const whole = faces.outputFiles[0].text + sheet;
  write("palermo.css", whole);
  write("palermo.rtl.css", rtlcss.process(whole));
}

function scripts() {
  const sources = readdirSync(here).filter((name) => name.endsWith(".js"));
  buildSync({
    entryPoints: sources.map((name) => join(here, name)),
    outdir: out,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    nodePaths: [modules],
    legalComments: "none",
  });
}

function pictures() {
  for (const name of readdirSync(join(here, "images"))) {
    mkdirSync(join(out, "images"), { recursive: true });
    cpSync(join(here, "images", name), join(out, "images", name));
  }
}

styleSheets();
scripts();
pictures();
lettersOfThePdf();
mkdirSync(join(out, "geography"), { recursive: true });
cpSync(join(modules, "world-atlas", "countries-50m.json"), join(out, "geography", "countries-50m.json"));

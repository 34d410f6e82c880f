// Makes build/inter.woff2: Inter (SIL Open Font License 1.1) with the letters of the Latin and
// Latin Extended-A and -B blocks, punctuation, arrows and key caps, weights 400 to 600. Every name in
// a European ledger can be written with it; other scripts come from the system.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";

const source = new URL("../node_modules/inter-ui/variable/InterVariable.woff2", import.meta.url);
const target = new URL("../build/inter.woff2", import.meta.url);

const ranges = [
  [0x20, 0x7e], [0xa0, 0x17f], [0x18f, 0x192], [0x1a0, 0x1b0], [0x1cd, 0x1dc], [0x1fa, 0x21b],
  [0x259, 0x259], [0x2bb, 0x2bc], [0x2c6, 0x2dd], [0x300, 0x304], [0x1e80, 0x1e85], [0x1e9e, 0x1e9e],
  [0x1ea0, 0x1ef9], [0x2010, 0x2027], [0x202f, 0x203a], [0x20ac, 0x20ac], [0x2190, 0x2193],
  [0x21b5, 0x21b5], [0x21e7, 0x21e7], [0x232b, 0x232b], [0x2212, 0x2212], [0x2260, 0x2265],
];
const letters = ranges.flatMap(([from, until]) =>
  Array.from({ length: until - from + 1 }, (_, index) => String.fromCodePoint(from + index)));

const font = await subsetFont(readFileSync(source), letters.join(""), {
  targetFormat: "woff2",
  variationAxes: { wght: { min: 400, max: 600 }, opsz: 14 },
});
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, font);

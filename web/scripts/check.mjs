// What the compiler does not see; each message says what to do instead. Run by `npm run check`.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../src", import.meta.url));
const longestLine = 110;
const longestFile = 500;
const problems = [];

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (/\.(tsx?|css)$/.test(entry.name) && entry.name !== "schema.d.ts") yield path;
  }
}

/** The rooms of the client, and what each may import. */
const allowed = {
  ui: ["ui", "texts", "api"],
  api: ["api"],
  texts: ["texts", "api"],
  features: ["features", "ui", "texts", "api"],
  pages: ["pages", "features", "ui", "texts", "api"],
};

for (const path of files(root)) {
  const name = relative(root, path);
  const lines = readFileSync(path, "utf8").split("\n");
  const say = (line, text) => problems.push(`src/${name}:${line}: ${text}`);
  if (lines.length > longestFile) say(1, `over ${longestFile} lines; part it by subject`);
  const room = name.split("/")[0];
  lines.forEach((text, index) => {
    const line = index + 1;
    if (text.length > longestLine) say(line, `over ${longestLine} columns; break the line`);
    if (/TODO|FIXME|XXX/.test(text)) say(line, "no notes to oneself; write an issue");
    if (/eslint|ts-ignore|ts-expect-error|\bas any\b|: any\b/.test(text)) {
      say(line, "the types are right or the code is not; mend it");
    }
    if (/dangerouslySetInnerHTML|innerHTML/.test(text) && name !== "ui/icon.tsx") {
      say(line, "text goes in as text; markup of others never");
    }
    if (/\bfetch\(/.test(text) && name !== "api/client.ts") say(line, "ask through api/client.ts");
    if (/#[0-9a-f]{6}\b/i.test(text) && name !== "styles/tokens.css") {
      say(line, "name a colour role of styles/tokens.css");
    }
    const imported = /from "(\.\.?\/[^"]+)"/.exec(text)?.[1];
    if (!imported || !(room in allowed)) return;
    const target = relative(root, join(path, "..", imported)).split("/")[0];
    if (target in allowed && !allowed[room].includes(target)) {
      say(line, `${room}/ does not know ${target}/; hand it in`);
    }
  });
}

for (const problem of problems) console.log(problem);
process.exit(problems.length > 0 ? 1 : 0);

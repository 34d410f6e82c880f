// Every page of the app in light and dark: what axe finds, that it fits, and its screenshot in
// docs/.
// ARREARS_SCREENSHOTS=write makes the screenshots anew; otherwise it is checked that they
// are there.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { quantised, sizeOf } from "./png.mjs";
import { openBrowser, openPage, signIn, Site } from "./site.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "docs/screenshots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const writes = process.env.ARREARS_SCREENSHOTS === "write";
const password = "halverne demo desk";
const largest = 200 * 1000;
const invoices =
  "Customer,Invoice,Issued,Due,Amount,Currency\n" +
  "C10003,INV-90001,2026-06-01,2026-07-01,1200.50,USD\n" +
  "C10004,INV-90002,2026-06-02,2026-07-02,oops,USD\n" +
  "C99999,INV-90003,2026-06-03,2026-07-03,310.00,USD\n";

const heading = (name) => (page) => page.getByRole("heading", { name }).first().waitFor();
const chart = (name) => async (page) => {
  await heading(name)(page);
  await page.getByRole("img").first().locator("svg").waitFor();
};
const named = (role, name) => (page) =>
  page.getByRole(role, { name, exact: true }).first().waitFor();

/** name: of the screenshot; who: signs in; at: below /e/DEMO; ready: what is there when
 * it is drawn. */
const pages = [
  { name: "worklist", who: "anna", at: "/worklist", ready: named("region", "Timeline") },
  {
    name: "call",
    who: "anna",
    at: "/worklist",
    ready: async (page) => {
      await named("region", "Timeline")(page);
      await page.keyboard.press("c");
      await named("region", "Call")(page);
      for (const key of ["r", "2", "o", "f"]) await page.keyboard.press(key);
    },
  },
  {
    name: "palette",
    who: "mara",
    at: "/worklist",
    ready: async (page) => {
      await named("region", "Timeline")(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.type("al");
      await page.getByText("Customers, invoices and contacts").waitFor();
    },
  },
  {
    name: "keyboard",
    who: "mara",
    at: "/worklist",
    ready: async (page) => {
      await named("region", "Timeline")(page);
      await page.keyboard.press("?");
      await named("dialog", "Keyboard")(page);
    },
  },
  {
    name: "business-date",
    who: "mara",
    at: "/worklist",
    ready: async (page) => {
      await named("region", "Timeline")(page);
      await page.keyboard.press("Shift+B");
      await named("dialog", "Business date")(page);
    },
  },
  { name: "customers", who: "mara", at: "/customers", ready: heading("Customers") },
  {
    name: "customer",
    who: "mara",
    at: "/customers/:worst",
    ready: async (page) => {
      await named("region", "Timeline")(page);
      await page.getByRole("heading", { name: "Contacts" }).waitFor();
    },
  },
  {
    name: "customer-items",
    who: "mara",
    at: "/customers/:worst",
    ready: async (page) => {
      await page.getByRole("tab", { name: "Open items" }).click();
      await page.getByRole("table").first().waitFor();
    },
  },
  { name: "promises", who: "mara", at: "/promises", ready: heading("Promises") },
  { name: "disputes", who: "mara", at: "/disputes", ready: heading("Promises") },
  { name: "follow-ups", who: "mara", at: "/follow-ups", ready: heading("Promises") },
  { name: "aging", who: "mara", at: "/aging", ready: chart("Aging") },
  { name: "team", who: "mara", at: "/team", ready: heading("Team") },
  { name: "calls", who: "mara", at: "/calls", ready: heading("Call log review") },
  {
    name: "call-review",
    who: "mara",
    at: "/calls",
    ready: async (page) => {
      await page.getByRole("row").nth(2).click();
      await page.getByRole("button", { name: "Mark read and next" }).waitFor();
    },
  },
  { name: "metrics", who: "mara", at: "/metrics", ready: chart("Metrics") },
  { name: "import", who: "ada", at: "/import", ready: heading("Import") },
  {
    name: "import-check",
    who: "ada",
    at: "/import",
    ready: async (page) => {
      await page.locator("input[type=file]").setInputFiles({
        name: "invoices.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(invoices),
      });
      await page.getByText("INV-90002").first().waitFor();
      await page.getByRole("button", { name: /^Import 2 rows/ }).waitFor();
    },
  },
  {
    name: "forbidden",
    who: "anna",
    at: "/import",
    ready: (page) => page.getByText("You do not have the right to this").waitFor(),
  },
  { name: "settings", who: "mara", at: "/settings", ready: heading(/./) },
  {
    name: "settings-people",
    who: "admin",
    at: "/settings/people",
    ready: (page) => page.getByText("Mara Vogel").first().waitFor(),
  },
  { name: "settings-books", who: "mara", at: "/settings/books", ready: heading(/./) },
  { name: "settings-substitutes", who: "mara", at: "/settings/substitutes", ready: heading(/./) },
];

let site;
let empty;
let worst;
let browser;
const signedIn = new Map();

before(async () => {
  site = new Site();
  empty = new Site();
  site.arrears(["demo", "--percent", writes ? "100" : "10"]);
  worst = JSON.parse(site.arrears(["worklist", "--format", "json"]))[0].customers[0];
  await Promise.all([site.serve("--demo"), empty.serve()]);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await Promise.all([site?.close(), empty?.close()]);
});

/** Drawn: nothing loads, the font is there, and the frame is on the screen. */
async function drawn(page) {
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

async function violations(page, scheme) {
  await page.evaluate(axe);
  return page.evaluate(
    async (options) => {
      const { violations: found } = await window.axe.run(options);
      return found.flatMap((rule) =>
        rule.nodes.map(
          (node) =>
            `${options.scheme} ${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`,
        ),
      );
    },
    {
      scheme,
      resultTypes: ["violations"],
      // What a theme changes is colours.
      runOnly:
        scheme === "dark"
          ? ["color-contrast"]
          : ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
  );
}

/** What sticks out to the right of the window, at half its width (200 % zoom) and on a small
 * laptop. */
async function overflows(page) {
  const found = [];
  for (const [width, height] of [
    [1024, 768],
    [720, 450],
  ]) {
    await page.setViewportSize({ width, height });
    await drawn(page);
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    if (over > 0) found.push(`${over} px over at ${width} px`);
    if (process.env.ARREARS_LOOK) {
      await page.screenshot({
        path: join(process.env.ARREARS_LOOK, `${page.called}-${width}.png`),
      });
    }
  }
  return found;
}

async function look(page, name) {
  const problems = [];
  page.called = name;
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await drawn(page);
    problems.push(...(await violations(page, scheme)));
    if (writes) {
      const png = await page.screenshot({ animations: "disabled", caret: "hide" });
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}-${scheme}.png`), quantised(png));
    }
  }
  problems.push(...(await overflows(page)), ...page.problems);
  assert.deepEqual(problems, []);
}

for (const { name, who, at, ready } of pages) {
  test(`${name} is readable, fits and has its picture`, async () => {
    if (!signedIn.has(who)) {
      const page = await openPage(browser, site);
      await signIn(page, who, password);
      signedIn.set(who, page.context());
    }
    const page = await openPage(browser, site, { context: signedIn.get(who) });
    try {
      await page.goto(`/e/DEMO${at.replace(":worst", worst)}`);
      await ready(page);
      await look(page, name);
    } finally {
      await page.close();
    }
  });
}

for (const [name, which, title] of [
  ["sign-in", () => site, "Sign in"],
  ["set-up", () => empty, "Set up Arrears"],
]) {
  test(`${name} is readable, fits and has its picture`, async () => {
    const page = await openPage(browser, which());
    await page.goto("/");
    await heading(title)(page);
    await look(page, name);
    await page.context().close();
  });
}

test("every address of the app is among the pages", () => {
  const source = readFileSync(join(root, "web/src/pages/pages.tsx"), "utf8");
  const routes = [...source.matchAll(/^ {2}\["(\/[^"]*)"/gm)].map((found) => found[1]);
  assert.ok(routes.length > 10);
  const shown = (route) =>
    pages.some(({ at }) => new RegExp(`^${route.replace(/:\w+/g, "[^/]+")}$`).test(at));
  // A read entry is a panel of the call log; its address is for links.
  assert.deepEqual(
    routes.filter((route) => !shown(route)),
    ["/calls/:call"],
  );
});

test("every page has its pictures, and no picture is of another page", () => {
  const expected = [...pages.map((page) => page.name), "sign-in", "set-up"]
    .flatMap((name) => [`${name}-dark.png`, `${name}-light.png`])
    .sort();
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith(".png"))
      .sort(),
    expected,
  );
  for (const name of expected) {
    const png = readFileSync(join(folder, name));
    assert.deepEqual(sizeOf(png), { width: 1440, height: 900 }, name);
    assert.ok(png.length < largest, `${name} has ${png.length} bytes`);
  }
});

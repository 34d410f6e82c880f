// What a collector's day needs, in a browser: on a test company whose clock stands at 1 June 2026.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, signIn, Site } from "./site.mjs";

const password = "a desk of one's own";
const now = "2026-06-01T14:00:00Z";
const hostile =
  "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script> Ltd";

const people = [
  ["anna", "Anna Ames", "collector", "E"],
  ["ben", "Ben Bright", "collector", "E"],
  ["mark", "Mark Moss", "manager", "E"],
  ["aude", "Aude Audit", "auditor", "E"],
  ["otto", "Otto Other", "collector", "F"],
];
const customers = [
  ["C100", "Hector Industries", "INV-10452", "12500.00"],
  ["C200", "Ibis Foods", "INV-20001", "800.00"],
  ["C300", "Juniper Tools", "INV-30001", "950.00"],
  ["C400", hostile, "INV-40001", "700.00"],
];

let site;
let browser;

before(async () => {
  site = new Site();
  for (const [code, name] of [
    ["E", "Example"],
    ["F", "Further"],
  ]) {
    site.arrears(
      [
        "init",
        "--entity",
        code,
        "--name",
        name,
        "--currency",
        "USD",
        "--timezone",
        "America/New_York",
        "--calendar",
        "US",
        "--rehearsal",
      ],
      { now },
    );
  }
  const inE = (...words) => site.arrears([...words, "--entity", "E"], { now });
  for (const [number, name, document, amount] of customers) {
    inE("customer", "add", number, "--name", name, "--country", "US");
    inE(
      "contact",
      "set",
      number,
      "--name",
      "Jo Clerk",
      "--phone",
      "+12125550100",
      "--region",
      "NY",
      "--timezone",
      "America/New_York",
    );
    inE(
      "document",
      "record",
      document,
      "--customer",
      number,
      "--issued",
      "2026-04-15",
      "--due",
      "2026-05-15",
      "--amount",
      amount,
    );
  }
  inE("book", "set", "all", "--collector", "anna", "--manager", "mark");
  for (const [login, name, roles, entities] of people) {
    site.arrears(
      [
        "person",
        "add",
        login,
        "--name",
        name,
        "--roles",
        roles,
        "--entities",
        entities,
        "--collectors",
        login === "ben" ? "anna" : login,
      ],
      { now, password },
    );
  }
  inE("run");
  site.arrears(["run", "--entity", "F"], { now });
  await site.serve();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** A test with pages of its own, in which nothing may go wrong unseen. */
function inBrowser(name, body) {
  test(name, async () => {
    const pages = [];
    const open = async (login) => {
      const page = await openPage(browser, site);
      pages.push(page);
      if (login) await signIn(page, login, password);
      return page;
    };
    try {
      await body(open);
      assert.deepEqual(
        pages.flatMap((page) => page.problems),
        [],
      );
    } finally {
      await Promise.all(pages.map((page) => page.context().close()));
    }
  });
}

const callPanel = (page) => page.getByRole("region", { name: "Call", exact: true });
const worklist = (page) => page.getByRole("region", { name: "Worklist", exact: true });
const saved = (page) => page.getByText("Saved.", { exact: false }).first();

/** Finds a customer in the palette and opens it, by keyboard. */
async function openByPalette(page, text, name) {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find customer, invoice or command" }).waitFor();
  await page.keyboard.type(text);
  await page.getByRole("option", { selected: true, name }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** C: the call begins once the customer is there. */
async function beginCall(page) {
  await page.keyboard.press("c");
  await callPanel(page).waitFor();
}

const body = async (open) => {
  const page = await open();
  await page.goto("/");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.keyboard.type("anna");
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await worklist(page).getByText("Hector Industries").waitFor();

  await openByPalette(page, "hector", /Hector Industries/);
  await beginCall(page);
  await page.keyboard.press("2"); // waits for approval: the reason follows from the answer
  await page.keyboard.press("o"); // all overdue
  const panel = callPanel(page);
  assert.equal(await panel.getByLabel("Promised amount").inputValue(), "12,500.00");
  await pressUntilFocused(page, panel.getByLabel("Promised day"));
  await page.keyboard.type("10 jun");
  await page.keyboard.press("Escape");
  assert.equal(
    await panel.getByLabel("Reason", { exact: true }).inputValue(),
    "internal_approval_delay",
  );
  await page.keyboard.press("Control+Enter");
  await saved(page).waitFor();
  await panel.waitFor({ state: "detached" });
  await page.getByText("Promise being taken").waitFor({ state: "detached" });

  const manager = await open("mark");
  await manager.keyboard.press("Shift+B");
  const dialog = manager.getByRole("dialog", { name: "Business date" });
  await dialog.waitFor();
  await pressUntilFocused(manager, dialog.getByLabel("Next business date"));
  await manager.keyboard.type("11 jun");
  await pressUntilFocused(
    manager,
    dialog.getByRole("button", { name: /Go to .*11 Jun.* and run/ }),
  );
  await manager.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await manager.getByText("the day was run").waitFor();

  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Hector Industries" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  const list = worklist(page);
  await list.getByText("Hector Industries").waitFor();
  await page
    .getByRole("banner")
    .getByText(/11 Jun/)
    .waitFor();
  await list
    .getByText(/Promise of .*12,500\.00.USD for .*10 Jun.* not kept/)
    .first()
    .waitFor();
  await list.getByText("1 promise broken within 90 days").waitFor();
};

/** Tab until the control has the focus, as somebody without a mouse would. */
async function pressUntilFocused(page, control) {
  await control.waitFor();
  for (let tries = 0; tries < 60; tries += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("Tab does not lead to the control");
}

inBrowser("a_draft_survives_a_reload", async (open) => {
  const page = await open("anna");
  await openByPalette(page, "juniper", /Juniper Tools/);
  await beginCall(page);
  await page.keyboard.press("r");
  await page.keyboard.press("o");
  await page.keyboard.press("n");
  await page.keyboard.type("rings back at noon");
  await page.reload();
  const panel = callPanel(page);
  await panel.waitFor();
  assert.equal(
    await panel.getByLabel("Note", { exact: false }).inputValue(),
    "rings back at noon",
  );
  assert.equal(await panel.getByLabel("Promised amount").inputValue(), "950.00");
  assert.equal(
    await panel.getByRole("button", { name: "Reached" }).getAttribute("aria-pressed"),
    "true",
  );
  await panel.getByRole("button", { name: "Discard" }).click();
  await panel.waitFor({ state: "detached" });
});

inBrowser("a_colleague_who_promises_the_same_is_told_of_the_other", async (open) => {
  const [first, second] = [await open("anna"), await open("ben")];
  for (const page of [first, second]) {
    await openByPalette(page, "ibis", /Ibis Foods/);
    await beginCall(page);
    for (const key of ["r", "1", "o", "f"]) await page.keyboard.press(key);
  }
  await first.keyboard.press("Control+Enter");
  await saved(first).waitFor();
  await second.keyboard.press("Control+Enter");
  await callPanel(second)
    .getByRole("status")
    .filter({ hasText: /promise/i })
    .first()
    .waitFor();
});

inBrowser("script_in_a_name_is_shown_as_text", async (open) => {
  const page = await open("anna");
  await openByPalette(page, "C400", /<script>/);
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), hostile);
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await worklist(page).getByText(hostile).waitFor();
  assert.notEqual(await page.title(), "taken");
});

inBrowser("an_auditor_reads_all_and_has_nothing_to_change_it_with", async (open) => {
  const page = await open("aude");
  await page.goto("/e/E/customers/C100");
  await page.getByRole("heading", { level: 1, name: "Hector Industries" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Call", exact: true }).count(), 0);
  await page.keyboard.press("c");
  await page.keyboard.press("Shift+B");
  const dialog = page.getByRole("dialog", { name: "Business date" });
  await dialog.waitFor();
  assert.equal(await dialog.getByRole("button", { name: /run the day/ }).count(), 0);
  assert.equal(await callPanel(page).count(), 0);
  await page.goto("/e/E/import");
  await page.getByText("You do not have the right to this").waitFor();
});

inBrowser("a_collector_of_another_entity_finds_nothing", async (open) => {
  const page = await open("otto");
  for (const address of ["/e/E/worklist", "/e/E/customers/C100", "/e/F/customers/C100"]) {
    await page.goto(address);
    await page.getByText("There is no such thing, or it is not yours to see.").waitFor();
    assert.equal(await page.getByText("Hector").count(), 0, address);
  }
  await page.goto("/e/F/worklist");
  await worklist(page).getByText("Nobody to contact").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("hector");
  await page.getByText("Nothing found.").waitFor();
});

// Last, for it moves the clock of the company.
inBrowser("the_promise_for_INV_10452_is_logged_by_keyboard_and_stands_broken_on_the_11th", body);

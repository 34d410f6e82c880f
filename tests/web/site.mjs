// A site of its own for a test: made by the command line, served by `arrears serve`,
// read in Chromium.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const program = resolve(process.env.ARREARS ?? "build/arrears");
/** A web app that is being worked on; without it the one in the program. */
const webFolder = process.env.ARREARS_WEB_FOLDER;

export class Site {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "arrears-web-"));
    this.environment = {
      PATH: process.env.PATH,
      HOME: this.folder,
      ARREARS_DB: "sqlite:site.db",
      ARREARS_ACTOR: "test",
    };
  }

  /** Runs the command line; `password` becomes its standard input. */
  arrears(words, { now, password } = {}) {
    return execFileSync(program, words, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: Infinity,
      input: password ? `${password}\n` : "",
      env: now ? { ...this.environment, ARREARS_NOW: now } : this.environment,
    });
  }

  /** Serves until close() and sets the address. */
  async serve(...options) {
    const log = openSync(join(this.folder, "log"), "a");
    this.server = spawn(
      program,
      ["serve", "--port", "0", ...(webFolder ? ["--web", resolve(webFolder)] : []), ...options],
      { cwd: this.folder, env: this.environment, stdio: ["ignore", "pipe", log] },
    );
    const [line] = await Promise.race([
      readLine(this.server.stdout),
      new Promise((_, reject) =>
        this.server.once("exit", (code) =>
          reject(new Error(`arrears serve ended with ${code}; its log is in ${this.folder}`)),
        ),
      ),
    ]);
    this.address = `http://localhost:${/:(\d+)/.exec(line)[1]}`;
  }

  async close() {
    if (this.server && this.server.exitCode === null) {
      const ended = new Promise((done) => this.server.once("exit", done));
      this.server.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

function readLine(stream) {
  return new Promise((done) => createInterface(stream).once("line", (line) => done([line])));
}

/** Debian's Chromium. Its sandbox needs a user who is not root; there it goes without. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--force-color-profile=srgb",
      "--disable-gpu",
      ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}

/**
 * A page in a browser of its own, or in the `context` of somebody who is signed in; whatever goes
 * wrong in it is in `page.problems`.
 */
export async function openPage(browser, site, { context } = {}) {
  context ??= await browser.newContext({
    baseURL: site.address,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(error.message));
  page.on("console", (message) => {
    // What the server refuses is told by the browser too; each test says itself what it expects.
    const refused = /^Failed to load resource/.test(message.text());
    if (message.type() === "error" && !refused) page.problems.push(message.text());
  });
  return page;
}

export async function signIn(page, login, password) {
  await page.goto("/");
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation", { name: "Rooms" }).waitFor();
}

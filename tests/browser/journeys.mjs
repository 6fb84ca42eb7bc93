// What people do in the console, from the one-time link to the printed report, in a real Chromium.
//
//     npm ci && npm test               YATA_BIN: the program (target/debug/yata); CHROMIUM: the browser (chromium)
//     npm run screenshots              the same, and the pictures of docs/images
//
// The tests follow each other: each goes on where the one before ended.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";

import { startService, yata } from "./service.mjs";
import { code } from "./totp.mjs";
import { check, follow, visit, watched } from "./watch.mjs";

const person = { name: "佐藤 花子", email: "hanako@minato.example", password: "an otter mends nine umbrellas" };
const wide = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const pictures = process.env.SCREENSHOTS && resolve(process.env.SCREENSHOTS);

let service;
let browser;
let page;
let secret;
// The code by which the first account was opened.
let used;

const at = (path) => service.origin + path;
const texts = (selector) => page.$$eval(selector, (all) => all.map((one) => one.textContent.trim()));
const rowIds = () => page.$$eval("[data-rows] tr[data-id]", (rows) => rows.map((row) => row.dataset.id));
const path = () => new URL(page.url()).pathname;

before(async () => {
  service = await startService();
  const args = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--lang=en"];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  browser = await puppeteer.launch({
    executablePath: await whole(process.env.CHROMIUM ?? "chromium"),
    args,
    defaultViewport: wide,
    protocolTimeout: 120_000,
  });
  page = await watched(await browser.createBrowserContext(), service.origin);
  await page.setExtraHTTPHeaders({ "accept-language": "en" });
});

after(async () => {
  await browser?.close();
  const ended = await service?.stop();
  if (service) assert.equal(ended, 0, `serve ends with 0 on SIGTERM:\n${service.said}`);
});

/** The path of a program that is named without one. */
async function whole(program) {
  if (program.includes("/")) return program;
  const { existsSync } = await import("node:fs");
  const found = process.env.PATH.split(":").map((folder) => join(folder, program)).find(existsSync);
  assert.ok(found, `no ${program}: install it, or name one in CHROMIUM`);
  return found;
}

/** Fills the fields of a form by name. */
async function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = await page.waitForSelector(`${form} [name="${name}"]`);
    await field.evaluate((input) => { input.value = ""; });
    await field.type(value);
  }
}

const send = (form) => follow(page, `${form} button[type=submit]`);

/** A browser of its own, with nothing of the other's. */
async function stranger() {
  const other = await watched(await browser.createBrowserContext(), service.origin);
  await other.setExtraHTTPHeaders({ "accept-language": "en" });
  return other;
}

async function signIn(browserPage, second) {
  const old = page;
  page = browserPage;
  await visit(page, at("/sign-in"));
  await fill('form[action="/sign-in"]', { email: person.email, password: person.password });
  await send('form[action="/sign-in"]');
  assert.equal(path(), "/sign-in/second");
  await second();
  page = old;
}

test("nobody gets in without signing in", async () => {
  await visit(page, at("/queue"));
  assert.equal(path(), "/sign-in");
  await check(page, "sign-in");
});

test("the first account: one-time link, password, one-time code, recovery codes", async () => {
  await visit(page, service.link);
  await check(page, "join");
  const join = 'form[action="/join"]';
  await fill(join, { name: person.name, email: person.email, password: "password" });
  assert.equal((await send(join)).status(), 422, "a password that everybody knows");
  await check(page, "join, refused");
  await fill(join, { name: person.name, email: person.email, password: person.password });
  await send(join);
  assert.equal(path(), "/account/factor");
  await check(page, "second factor");
  secret = (await texts("main code")).find((text) => /^[A-Z2-7 ]{16,}$/.test(text));
  assert.ok(secret, "the secret is shown");
  assert.ok(await page.$("svg.qr"), "and as a QR code");
  const totp = 'form[action="/account/totp"]';
  await fill(totp, { code: "000000" });
  assert.equal((await send(totp)).status(), 422, "a wrong code");
  used = code(secret, -1);
  await fill(totp, { code: used });
  await send(totp);
  const codes = await texts(".codes code");
  assert.ok(codes.length >= 8 && new Set(codes).size === codes.length, `recovery codes: ${codes.length}`);
  await check(page, "recovery codes");
  await follow(page, 'main a[href="/"]');
  assert.equal(path(), "/");
  const spent = await stranger();
  await visit(spent, service.link, 404);
});

test("a second browser signs in with password and code; a used code is worth nothing", async () => {
  const other = await stranger();
  const form = 'form[action="/sign-in/second"]';
  await signIn(other, async () => {
    await check(page, "second step");
    await fill(form, { code: used });
    assert.equal((await send(form)).status(), 422, "the code was used");
    await fill(form, { code: code(secret) });
    await send(form);
    assert.equal(path(), "/");
  });
  await other.close();
});

test("Today shows what the example must do now", async () => {
  await visit(page, at("/"));
  await check(page, "today");
  const counts = await page.$$eval(".counts a.count", (all) =>
    all.map((a) => [a.getAttribute("href"), Number(a.querySelector(".value").textContent.replace(/\D/g, ""))]),
  );
  const immediate = counts.find(([href]) => href.includes("priority=immediate"));
  assert.ok(immediate && immediate[1] > 0, `something is immediate: ${JSON.stringify(counts)}`);
  for (const [href, number] of counts.filter(([href]) => href.startsWith("/queue"))) {
    await visit(page, at(href));
    const shown = Number((await texts('[data-region] strong[role="status"]'))[0].replace(/\D/g, ""));
    assert.equal(shown, number, `${href} leads to as many rows as it says`);
  }
});

/** All rows of a list, page by page, by following its links. */
async function allRows(from) {
  const ids = [];
  await visit(page, at(from));
  for (;;) {
    ids.push(...(await rowIds()));
    const next = await page.$('.pager a[rel="next"]');
    if (!next) return ids.sort();
    await follow(page, next);
  }
}

/** The risks of the command line's answer that fit. */
const found = (fits) => service.answer.risks.filter(fits).map((risk) => risk.finding.id).sort();

test("the queue holds what the command line found, without JavaScript too", async (t) => {
  await page.setJavaScriptEnabled(false);
  t.after(() => page.setJavaScriptEnabled(true));
  assert.deepEqual(await allRows("/queue?group=none"), found(() => true));
  const urgent = found((risk) => risk.decision.priority === "immediate");
  assert.deepEqual(await allRows("/queue?group=none&priority=immediate"), urgent, "a filter in the address");
  await visit(page, at("/queue?group=none"));
  await follow(page, '.quick a[href*="priority=immediate"]');
  assert.deepEqual(await rowIds().then((ids) => ids.sort()), urgent, "a filter that is clicked");
});

test("filters by click change the address and the rows, back brings them back", async () => {
  await visit(page, at("/queue"));
  await check(page, "queue");
  const before = await rowIds();
  const changes = (first) =>
    page.waitForFunction((ids) => document.querySelector("[data-region]").ariaBusy !== "true" &&
      [...document.querySelectorAll("tr[data-id]")].map((row) => row.dataset.id).join() !== ids, {}, first.join());
  await page.evaluate(() => { window.stays = true; });
  await page.locator('.quick a[href*="priority=immediate"]').click();
  await changes(before);
  assert.equal(new URL(page.url()).search, "?priority=immediate");
  await check(page, "queue, filtered");
  const filtered = await rowIds();
  assert.ok(filtered.length > 0 && filtered.every((id) => before.includes(id)));
  await page.goBack();
  await changes(filtered);
  assert.deepEqual(await rowIds(), before);
  assert.ok(await page.evaluate(() => window.stays), "only the part was exchanged");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.deepEqual(await texts("[data-selected]"), ["1"], "the keyboard selects");
  await page.keyboard.press("?");
  assert.ok(await page.$("dialog[open]"), "and shows its keys");
  await check(page, "keys");
  await page.keyboard.press("Escape");
});

test("what was filtered is exported as it is shown", async () => {
  await visit(page, at("/queue?group=none&priority=immediate"));
  const shown = (await rowIds()).sort();
  const href = await page.$eval('a[href*="/queue/export"][href*="format=json"]', (a) => a.href);
  const text = await page.evaluate((address) => fetch(address).then((answer) => answer.text()), href);
  for (const id of shown) assert.ok(text.includes(id), `${id} is in the export`);
  for (const id of found((risk) => risk.decision.priority !== "immediate")) assert.ok(!text.includes(id), `${id} is not`);
});

test("a finding is accepted with reason and end date, leaves the queue, and is opened again", async () => {
  const [id] = found((risk) => risk.decision.priority === "scheduled");
  await visit(page, at(`/findings/${id}`));
  await check(page, "finding");
  const form = `form[action="/findings/${id}/act"]`;
  const decide = async (deed, values) => {
    await page.$eval(`details:has(${form})`, (details) => { details.open = true; });
    await page.locator(`${form} input[value="${deed}"]`).click();
    await page.evaluate((form, values) => {
      for (const [name, value] of Object.entries(values)) document.querySelector(`${form} [name="${name}"]`).value = value;
    }, form, values);
    return send(form);
  };
  const why = "入れ替えは一月。 It is replaced in January <script>alert(1)</script>";
  assert.equal((await decide("accept", { until: "2027-01-31", why: " " })).status(), 400, "no reason");
  await check(page, "finding, refused");
  await decide("accept", { until: "2027-01-31", why });
  await visit(page, at(`/findings/${id}`));
  assert.ok((await page.$eval("main", (main) => main.innerText)).includes(why), "its history shows the reason");
  assert.ok((await page.$eval("main", (main) => main.innerText)).includes("2027-01-31"), "and the day");
  await check(page, "finding, accepted");
  assert.ok(!(await allRows("/queue?group=none")).includes(id), "it left the queue");
  assert.ok((await allRows("/queue?group=none&state=accepted")).includes(id), "it is with the accepted");
  assert.ok(yata(service.folder, ["finding", "history", id]).out.includes("It is replaced in January"), "terminal");
  await visit(page, at(`/findings/${id}`));
  await decide("reopen", { why: "earlier than planned" });
  assert.ok((await allRows("/queue?group=none")).includes(id), "it is back");
  await visit(page, at(`/findings/${id}`));
  await fill(`form[action="/findings/${id}/comment"]`, { text: "見ました" });
  await send(`form[action="/findings/${id}/comment"]`);
  assert.ok((await page.$eval("#discussion", (part) => part.innerText)).includes("見ました"));
});

test("a passkey is made, and signs in", async () => {
  const cdp = await page.createCDPSession();
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
    isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  await visit(page, at("/account/factor"));
  const create = 'form[data-passkey="create"]';
  await page.waitForSelector(`${create}:not([hidden])`);
  await check(page, "passkey");
  await fill(create, { name: "laptop", password: person.password });
  await send(create);
  assert.equal(path(), "/account");
  assert.ok((await page.$eval("main", (main) => main.innerText)).includes("laptop"));
  await check(page, "account");
  await follow(page, 'form[action="/sign-out"] button');
  assert.equal(path(), "/sign-in");
  await visit(page, at("/sign-in?next=/risk-map"));
  const get = 'form[data-passkey="get"]';
  await page.waitForSelector(`${get}:not([hidden])`);
  await send(get);
  assert.equal(path(), "/risk-map", "no password, no code: the passkey is both");
  await cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  await check(page, "risk map");
});

test("a token is shown once, pushes a report, and is worth nothing once revoked", async () => {
  await visit(page, at("/tokens"));
  await check(page, "tokens");
  const make = 'form[action="/tokens"]';
  await fill(make, { name: "build machine", assets: "*" });
  await page.select(`${make} select[name="scope"]`, "sensor");
  await send(make);
  const token = await page.$eval("#token", (one) => one.textContent);
  await check(page, "token, shown");
  await visit(page, at("/tokens"));
  assert.ok(!(await page.content()).includes(token), "never again");
  const file = join(service.folder, "token");
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  const other = join(service.folder, "sensor");
  const push = () => yata(other, ["assess", service.example, "--server", service.origin, "--token-file", file]);
  const pushed = push();
  assert.ok([0, 1].includes(pushed.code), `${pushed.code}: ${pushed.err}`);
  await follow(page, 'form[action$="/revoke"] button');
  const refused = push();
  assert.equal(refused.code, 2, refused.err);
});

test("the report in both languages, printed by the browser and as PDF", async () => {
  for (const lang of ["en", "ja"]) {
    await speak(lang);
    await visit(page, at("/report"));
    assert.equal(await page.$eval("html", (html) => html.lang), lang);
    await check(page, `report, ${lang}`);
    const printed = await page.pdf({ format: "A4", tagged: true });
    const pages = (Buffer.from(printed).toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
    assert.ok(pages >= 1 && pages <= 40, `${pages} printed pages`);
    const pdf = await page.evaluate(async () => {
      const answer = await fetch("/report.pdf");
      return { status: answer.status, type: answer.headers.get("content-type"), start: (await answer.text()).slice(0, 5) };
    });
    if (pdf.status === 501) {
      console.log(`# skipped: /report.pdf (${lang}): this program was built without PDF (--features pdf)`);
    } else {
      assert.deepEqual(pdf, { status: 200, type: "application/pdf", start: "%PDF-" });
    }
    page.fails.splice(0);
  }
  await speak("en");
});

test("the ledger tells what was just done, and is whole", async () => {
  // Entries are signed in the background, a little later.
  const until = Date.now() + 30_000;
  for (;;) {
    await visit(page, at("/ledger"));
    const said = await page.$eval("main", (main) => main.innerText);
    if (["build machine", "earlier than planned", person.name].every((text) => said.includes(text))) break;
    assert.ok(Date.now() < until, `the token, the decision and who did it are in the ledger:\n${said}`);
  }
  await check(page, "ledger");
  await follow(page, 'main tbody a[href^="/ledger/entries/"]');
  await check(page, "an entry");
  await visit(page, at("/ledger"));
  await follow(page, 'form[action="/ledger/verify"] button');
  assert.ok(await page.$('.note.good[role="status"]'), await page.$eval("main", (main) => main.innerText));
  await check(page, "the ledger is whole");
  const verified = yata(service.folder, ["ledger", "verify"]);
  assert.equal(verified.code, 0, verified.err);
});

/** Chooses a language by the button of the frame. */
async function speak(lang) {
  const button = await page.$(`form.lang button[value="${lang}"]`);
  if (button) await follow(page, button);
}

test("every page, in both languages, light and dark, wide and on a phone", async (t) => {
  await visit(page, at("/"));
  const finding = found((risk) => risk.decision.priority === "immediate")[0];
  const asset = service.answer.risks.find((risk) => risk.finding.id === finding).finding.asset_id;
  const places = ["/", "/queue", "/queue?priority=immediate&group=none", `/findings/${finding}`, "/changes", "/proposals",
    "/assets", `/assets/${asset}`, "/risk-map", "/sources", "/ledger", "/report", "/people", "/assets/staff", "/tokens", "/account",
    "/account/factor"];
  const looks = { en: [["light", wide], ["dark", wide], ["light", phone]], ja: [["light", wide], ["dark", phone]] };
  for (const lang of ["en", "ja"]) {
    await speak(lang);
    for (const place of places) {
      await t.test(`${lang} ${place}`, async () => {
        for (const [theme, size] of looks[lang]) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
          await page.setViewport(size);
          await visit(page, at(place));
          await check(page, `${place} ${lang} ${theme} ${size.width} px`);
          assert.deepEqual(await unspoken(), [], "every text is in the catalogue");
        }
      });
    }
    await page.setViewport(wide);
  }
  await page.emulateMediaFeatures([]);
  await speak("en");
});

/** Ids of texts that stand on the page instead of the text. */
async function unspoken() {
  const text = await page.$eval("body", (body) => body.innerText);
  return [...new Set(text.match(/\[[a-z0-9]+(-[a-z0-9]+)+\]|\{\$\w+/g) ?? [])];
}

test("what is not there, and who may not", async () => {
  await visit(page, at("/no-such-page"), 404);
  await check(page, "not there");
  const other = await stranger();
  await visit(other, at("/report"));
  assert.equal(new URL(other.url()).pathname, "/sign-in");
  await check(other, "signed out");
  await other.close();
});

test("the theme that is chosen stays", async () => {
  await visit(page, at("/"));
  await follow(page, 'form[action="/theme"] button');
  assert.equal(await page.$eval("html", (html) => html.dataset.theme), "dark");
  await visit(page, at("/queue"));
  assert.equal(await page.$eval("html", (html) => html.dataset.theme), "dark");
  await check(page, "dark by choice");
  await follow(page, 'form[action="/theme"] button');
  await follow(page, 'form[action="/theme"] button');
  assert.equal(await page.$eval("html", (html) => html.dataset.theme), undefined);
});

test("pictures for the documentation", { skip: !pictures && "no SCREENSHOTS" }, async () => {
  mkdirSync(pictures, { recursive: true });
  const finding = found((risk) => risk.decision.priority === "immediate")[0];
  const asset = service.answer.risks.find((risk) => risk.finding.id === finding).finding.asset_id;
  const take = async (name, place, theme = "light", height = wide.height) => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await page.setViewport({ ...wide, height });
    await visit(page, at(place));
    await page.screenshot({ path: join(pictures, `${name}.png`), optimizeForSpeed: false });
  };
  await take("today", "/");
  await take("queue", "/queue");
  await take("queue-dark", "/queue", "dark");
  await take("finding", `/findings/${finding}`, "light", 1200);
  await take("risk-map", "/risk-map", "light", 1200);
  await take("asset", `/assets/${asset}`, "light", 1100);
  await take("report", "/report", "light", 1200);
  await speak("ja");
  await take("today-ja", "/");
  await take("report-ja", "/report", "light", 1200);
  await speak("en");
});

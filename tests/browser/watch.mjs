// A page whose every visit is watched: errors of the console, violations of its policy, requests to other origins; and
// accessibility by axe. The content security policy stays as the service sends it: axe comes in by the debugger.
import assert from "node:assert/strict";
import axe from "axe-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// What the browser itself writes for an answer of 4xx or 5xx; whether it was expected is checked where it was caused.
const refusedAnswer = /^Failed to load resource: the server responded with a status of [45]\d\d/;

/** A page in that browser context; `fails` collects what must not happen. */
export async function watched(context, origin) {
  const page = await context.newPage();
  const fails = [];
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => {
    const isOurs = !refusedAnswer.test(message.text());
    if (message.type() === "error" && isOurs) fails.push(`console, ${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => fails.push(`script, ${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = url.origin === origin || url.protocol === "data:" || url.href === "about:blank";
    if (!own) fails.push(`request to another origin: ${url.href}`);
  });
  await page.exposeFunction("__violated", (what) => fails.push(`policy, ${page.url()}: ${what}`));
  await page.evaluateOnNewDocument(() => {
    addEventListener("securitypolicyviolation", (event) => {
      window.__violated(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`);
    });
  });
  return Object.assign(page, { fails });
}

/** Goes to a path; the answer must have that status. */
export async function visit(page, url, status = 200) {
  const answer = await page.goto(url, { waitUntil: "load" });
  assert.equal(answer.status(), status, `${url}: ${answer.status()} instead of ${status}`);
  return answer;
}

/** Clicks, and waits for the page that follows. */
export async function follow(page, target) {
  const element = typeof target === "string" ? await page.waitForSelector(target) : target;
  const [answer] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), element.click()]);
  return answer;
}

/** What axe finds wrong with the page, one line each. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    rules,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary.split("\n")[1]?.trim()}`),
  );
}

/** How many pixels the page is wider than its window. */
export async function overflow(page) {
  return page.evaluate(() => {
    const root = document.scrollingElement;
    return root.scrollWidth - root.clientWidth;
  });
}

/** The page is accessible and no wider than its window, and nothing happened that must not. */
export async function check(page, what) {
  const found = await violations(page);
  const wide = await overflow(page);
  if (wide > 0) found.push(`${wide} px wider than the window: ${await widest(page)}`);
  found.push(...page.fails.splice(0));
  assert.deepEqual(found, [], `${what}\n${found.join("\n")}`);
}

/** What sticks out. */
async function widest(page) {
  return page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const scrolls = (element) => element.closest(".scroll, pre, nav") !== null;
    const out = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > limit + 1 && !scrolls(element),
    );
    return out.slice(0, 5).map((e) => `${e.tagName}.${e.className?.baseVal ?? e.className}`).join(", ");
  });
}

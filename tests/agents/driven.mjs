// The agents themselves, started against a model on loopback that calls what the test wrote, with the hook installed as
// people install it. What counts is what lies on disk afterwards, and what the agent told the model.
//
//     npm ci && ./alone npm test        YATA_BIN: the program (target/debug/yata), with yata-hook beside it
//
// `alone` takes the network away; managed settings are only tried there, in an /etc of its own.
import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { driver, drivers, lacking, version } from "./agents.mjs";
import { coverage, decisions, drive, examined, install, kept, machine, spoil, yata } from "./machine.mjs";

const timeout = 120_000;
const isAlone = existsSync("/etc/yata-alone");
const reasons = { secret: /This reads keys, tokens or passwords/, work: /This throws away work that is not committed/ };
const unwritten = ["two", "one"];
const cut = ["one"];

const cannot = new Map();
const lacks = (agent) => {
  if (!cannot.has(agent.package)) cannot.set(agent.package, lacking(agent));
  return cannot.get(agent.package);
};

/** A case with one agent; skipped, and said so, where the agent is not there. */
function held(agent, title, run, needs = () => undefined) {
  test(`${agent.title} ${version(agent)}: ${title}`, { timeout }, async (t) => {
    const missing = lacks(agent) ?? needs();
    if (missing) {
      t.diagnostic(`skipped: needs ${missing}`);
      t.skip(`needs ${missing}`);
      return;
    }
    const made = machine(agent);
    t.after(made.remove);
    await run(made, t);
  });
}

/** One command, its result as the model is told it, and that nothing else was asked of the network. */
async function one(made, command, options) {
  return several(made, [made.agent.shell(command)], options);
}

async function several(made, calls, options) {
  const run = await drive(made, calls, options);
  const text = run.results.map((result) => result.text).join("\n");
  const context = `exit ${run.code}\n${run.said}\nresults: ${text}`;
  assert.deepEqual(run.model.strange, [], context);
  assert.equal(run.results.length, calls.length, context);
  return { ...run, text, context };
}

/** That the log has exactly these decisions. */
function decided(made, expected) {
  assert.deepEqual(decisions(made).filter(({ what }) => what !== "hook.started"), expected);
}

/** That the transcripts, where they are read, have no call that the hook did not see. */
function nothingWentPast(made, calls) {
  const found = coverage(made);
  if (made.agent.name === "gemini-cli") return;
  assert.deepEqual([found.code, found.missed, found.unread], [0, [], []], JSON.stringify(found));
  assert.equal(found.decided, calls, JSON.stringify(found));
}

const bash = (what, target) => ({ what, target, tool: "Bash" });

test("there is no network but loopback", { skip: isAlone ? false : "needs ./alone" }, async () => {
  const code = await new Promise((done) => {
    createConnection({ host: "192.0.2.1", port: 443 }).once("error", (error) => done(error.code)).once("connect", done);
  });
  assert.equal(code, "ENETUNREACH");
});

for (const agent of drivers) {
  const isScript = agent.title === "Codex with scripts";

  held(agent, "what is harmless runs", async (made) => {
    const run = await one(made, "echo harmless > made.txt");
    assert.equal(made.has("made.txt") && made.read("made.txt"), "harmless\n", run.context);
    decided(made, [bash("hook.allowed", "echo harmless > made.txt")]);
    assert.ok(decisions(made).some(({ what }) => what === "hook.started"), "the session's start is in the log");
    nothingWentPast(made, 1);
    assert.equal(yata(made, ["hook", "log", "verify"]).code, 0);
  });

  held(agent, "a secret is not read, and the model is told why", async (made) => {
    const run = await one(made, "cat .env");
    assert.match(run.text, reasons.secret);
    assert.ok(!JSON.stringify(run.model.seen).includes(kept), "the secret reached the model");
    decided(made, [bash("hook.denied", "cat .env")]);
    // A call that a script makes and that is refused leaves no trace of its own in a transcript.
    nothingWentPast(made, isScript ? 0 : 1);
  });

  held(agent, "what a person would be asked about does not run without one", async (made) => {
    const run = await one(made, "git reset --hard HEAD~1");
    assert.match(run.text, reasons.work);
    assert.deepEqual(made.commits(), unwritten, run.context);
    decided(made, [bash("hook.asked", "git reset --hard HEAD~1")]);
    nothingWentPast(made, isScript ? 0 : 1);
  });

  for (const [state, what, program] of [
    ["missing", "is missing", undefined],
    ["crashed", "crashes without a word", "#!/bin/sh\nexit 101\n"],
  ]) {
    const refusal = agent.blocks[state];
    held(agent, `a hook that ${what} ${refusal ? "blocks the call" : "lets the call run"}`, async (made) => {
      const run = await one(made, "git reset --hard HEAD~1", { after: () => spoil(made, program) });
      assert.deepEqual(made.commits(), refusal ? unwritten : cut, run.context);
      if (refusal) assert.match(run.text, refusal);
    });
  }

  held(agent, "managed by the organisation, it needs nobody's trust", async (made, t) => {
    t.after(clearEtc);
    install(made, "managed");
    const options = { install: false, ...(agent.name === "codex" && { options: [] }) };
    const run = await several(made, [agent.shell("echo harmless > made.txt"), agent.shell("git reset --hard HEAD~1")], options);
    assert.ok(made.has("made.txt"), run.context);
    assert.match(run.text, reasons.work);
    assert.deepEqual(made.commits(), unwritten);
    decided(made, [bash("hook.allowed", "echo harmless > made.txt"), bash("hook.asked", "git reset --hard HEAD~1")]);
  }, onlyAlone);
}

function onlyAlone() {
  return isAlone ? undefined : "./alone: an /etc of its own";
}

/** Only in an /etc of our own. */
function clearEtc() {
  assert.ok(isAlone);
  for (const folder of ["claude-code", "codex", "gemini-cli"]) rmSync(join("/etc", folder), { recursive: true, force: true });
}

/** Issues the settings of an organisation for the agent, and puts them in place. `change` takes the text of a file. */
function issue(made, lines, change = (text) => text) {
  const organisation = join(made.folder, "agents.toml");
  const head = ['language = "en"', `agents = ["${made.agent.name}"]`, "[hook]", `command = ["${made.hook}"]`];
  writeFileSync(organisation, [...head, ...lines].join("\n") + "\n");
  const out = join(made.folder, "issued");
  const run = yata(made, ["agents", "settings", "--organisation", organisation, "--out", out]);
  assert.equal(run.code, 0, run.err);
  cpSync(join(out, "etc"), "/etc", { recursive: true });
  const [file] = JSON.parse(
    yata(made, ["agents", "settings", "--organisation", organisation, "--format", "json"]).out,
  ).files;
  writeFileSync(file.path, change(readFileSync(file.path, "utf8")));
}

// All that an organisation can say, so that no part of a file is left untried.
const wholeOrganisation = [
  "timeout_seconds = 10",
  "[network]",
  'hosts = ["packages.corp.example"]',
  "[retention]",
  "days = 90",
  "[telemetry]",
  'endpoint = "https://otel.corp.example"',
  "[[server]]",
  'name = "docs"',
  'command = ["/opt/corp/docs"]',
  "[[server]]",
  'name = "tickets"',
  'url = "https://mcp.corp.example/tickets"',
  "[[marketplace]]",
  'github = "corp-example/agent-plugins"',
  'commit = "0123456789abcdef0123456789abcdef01234567"',
];

// No package brings the schema of its settings as a file, but the programs examine what they read, each key.
for (const [title, args, complaint, place, broken] of [
  ["Claude Code", ["doctor"], /Invalid settings/, "/etc/claude-code/managed-settings.json", '{"cleanupPeriodDays":"ninety"}'],
  ["Gemini CLI", ["--list-extensions"], /Invalid configuration/, "/etc/gemini-cli/settings.json", '{"general":1}'],
  ["Codex", ["features", "list"], /failed to parse requirements/, "/etc/codex/requirements.toml", "[marketplaces]\nallowed_sources = []\n"],
]) {
  held(driver(title), "its own validator finds nothing wrong with the issued settings", async (made, t) => {
    t.after(clearEtc);
    issue(made, wholeOrganisation);
    assert.doesNotMatch(examined(made, args), complaint);
    // And it would.
    writeFileSync(place, broken);
    assert.match(examined(made, args), complaint);
  }, onlyAlone);
}

held(driver("Codex"), "the issued requirements are taken, and hold", async (made, t) => {
  t.after(clearEtc);
  issue(made, wholeOrganisation);
  // The sandbox of the requirements needs spaces of its own, which not every machine has: the hook comes before it.
  const run = await several(made, [made.agent.shell("git reset --hard HEAD~1"), made.agent.shell("cat .env")], { install: false, options: [] });
  assert.match(run.text, reasons.work);
  assert.match(run.text, reasons.secret);
  assert.deepEqual(made.commits(), unwritten);
  assert.match(run.said, /`DangerFullAccess` is not in the allowed set/);
  decided(made, [bash("hook.asked", "git reset --hard HEAD~1"), bash("hook.denied", "cat .env")]);
}, onlyAlone);

held(driver("Claude Code"), "the issued settings are taken, and hold", async (made, t) => {
  t.after(clearEtc);
  const before = ({ origin }) => issue(made, wholeOrganisation, (text) => {
    const settings = JSON.parse(text);
    // As an organisation does that has a gateway of its own; and without the sandbox, which needs programs beside it.
    settings.allowedProviders.push("customEndpoint");
    settings.env.ANTHROPIC_BASE_URL = origin;
    settings.sandbox.enabled = false;
    return JSON.stringify(settings);
  });
  const calls = [made.agent.shell("git branch --delete --force main"), { tool: "Read", input: { file_path: join(made.project, ".env") } }];
  const run = await several(made, calls, { install: false, before });
  assert.match(run.said, /Ignoring --allowedTools Bash: permission rules are restricted to managed settings/);
  assert.ok(!JSON.stringify(run.model.seen).includes(kept));
  assert.deepEqual(made.commits(), unwritten);
  assert.equal(decisions(made).filter(({ what }) => /asked|denied/.test(what)).length, 2, run.context);
}, onlyAlone);

held(driver("Gemini CLI"), "the issued settings are taken, and hold", async (made, t) => {
  t.after(clearEtc);
  const before = () => issue(made, wholeOrganisation, (text) => {
    const settings = JSON.parse(text);
    // Its sandbox is a container.
    settings.tools.sandbox = false;
    return JSON.stringify(settings);
  });
  // The mode that approves everything is closed.
  const closed = await drive(made, [made.agent.shell("echo x > made.txt")], { install: false, before });
  assert.match(closed.said, /YOLO mode is disabled/);
  assert.equal(made.has("made.txt"), false);
  const run = await drive(made, [made.agent.shell("git reset --hard HEAD~1")], { install: false, options: ["--approval-mode", "default"] });
  assert.deepEqual(made.commits(), unwritten, run.said);
  assert.doesNotMatch(run.said, /[Ii]nvalid (configuration|settings)|Unrecognized key/);
}, onlyAlone);

held(driver("Claude Code"), "a sub-agent's calls are decided in the session of its parent", async (made) => {
  const agent = { tool: "Agent", input: { description: "a part", prompt: "Do it.", subagent_type: "general-purpose", run_in_background: false } };
  // The sub-agent has a conversation of its own, which begins with the first call again: it is told the second.
  const calls = [agent, made.agent.shell("git reset --hard HEAD~1")];
  const inside = (body) => JSON.stringify(body.messages[0]).includes("Do it.") && !JSON.stringify(body.messages).includes("a part");
  const run = await drive(made, calls, { options: ["--disallowedTools", "ScheduleWakeup"] });
  const inSub = run.model.seen.some(({ body }) => inside(body));
  assert.ok(inSub, run.said);
  assert.deepEqual(made.commits(), unwritten);
  const tools = decisions(made).map(({ tool }) => tool);
  assert.ok(tools.includes("Agent") && tools.includes("Bash"), JSON.stringify(tools));
  const found = coverage(made);
  assert.deepEqual([found.code, found.missed], [0, []], JSON.stringify(found));
  assert.ok(found.transcripts >= 2, "the sub-agent has a transcript of its own");
});

held(driver("Claude Code"), "the mode that approves everything does not overrule the hook", async (made) => {
  const options = ["--permission-mode", "bypassPermissions"];
  const run = await several(made, [made.agent.shell("git reset --hard HEAD~1"), made.agent.shell("cat .env")], { options, env: { IS_SANDBOX: "1" } });
  assert.deepEqual(made.commits(), unwritten, run.context);
  assert.ok(!JSON.stringify(run.model.seen).includes(kept));
  nothingWentPast(made, 2);
});

held(driver("Claude Code"), "a call that it refuses by itself is no call that went past the hook", async (made) => {
  const run = await several(made, [{ tool: "Bash", input: { line: "ls" } }]);
  assert.match(run.text, /^<tool_use_error>InputValidationError/);
  decided(made, []);
  const found = coverage(made);
  assert.deepEqual([found.calls, found.unrun, found.missed], [1, 1, []]);
});

held(driver("Claude Code"), "a hook program that says something else, and is content, lets the call run", async (made) => {
  const run = await one(made, "git reset --hard HEAD~1", { after: () => spoil(made, "#!/bin/sh\necho nonsense\n") });
  assert.deepEqual(made.commits(), cut, run.context);
});

held(driver("Codex"), "a hook that nobody trusts is skipped, and coverage says so", async (made) => {
  const run = await one(made, "git reset --hard HEAD~1", { options: [] });
  assert.deepEqual(made.commits(), cut, run.context);
  decided(made, []);
  const found = coverage(made);
  assert.deepEqual([found.code, found.missed.map(({ tool }) => tool)], [1, ["exec_command"]], JSON.stringify(found));
});

held(driver("Codex"), "what is typed into a running command asks no hook: a shell that waits for it is refused", async (made) => {
  const started = (results) => Number(results.at(-1).text.match(/session ID (\d+)/)?.[1]);
  const shell = (cmd) => ({ tool: "exec_command", input: { cmd, tty: true, yield_time_ms: 500 } });
  const typed = (chars) => (results) => ({
    tool: "write_stdin",
    input: { session_id: started(results), chars, yield_time_ms: 500 },
  });
  const run = await several(made, [shell("bash --norc -i"), shell("cat"), typed("typed\n")]);
  assert.match(run.results[0].text, /What this does cannot be told before it runs/);
  assert.match(run.results[2].text, /typed/);
  decided(made, [bash("hook.denied", "bash --norc -i"), bash("hook.allowed", "cat")]);
  const found = coverage(made);
  assert.deepEqual([found.code, found.missed.map(({ tool }) => tool)], [1, ["write_stdin"]], JSON.stringify(found));
});

held(driver("Codex with scripts"), "a script that types into a running command is named by coverage", async (made) => {
  const script = 'const run = await tools.exec_command({ cmd: "cat", tty: true, yield_time_ms: 300 });'
    + ' text(await tools.write_stdin({ session_id: run.session_id, chars: "typed\\n", yield_time_ms: 300 }));';
  // The hook's first decision is the beginning of what coverage looks at.
  const run = await several(made, [made.agent.shell("ls"), { tool: "exec", input: script }]);
  assert.match(run.text, /typed/);
  const found = coverage(made);
  assert.deepEqual([found.code, found.missed.map(({ tool, target }) => `${tool} ${target}`)], [1, ["exec write_stdin"]]);
});

held(driver("Codex with scripts"), "a patch is decided under the id that the transcript has", async (made) => {
  const patch = "*** Begin Patch\n*** Add File: made.txt\n+harmless\n*** End Patch";
  const run = await several(made, [{ tool: "exec", input: `text(await tools.apply_patch(${JSON.stringify(patch)}));` }]);
  assert.ok(made.has("made.txt"), run.context);
  nothingWentPast(made, 1);
});

held(driver("Codex"), "its own lists and clocks are no reason to ask", async (made) => {
  const run = await several(made, [{ tool: "get_goal", input: {} }]);
  assert.doesNotMatch(run.text, /blocked by PreToolUse hook/);
});

held(driver("Gemini CLI"), "its own topics are no reason to ask", async (made) => {
  const run = await several(made, [{ tool: "update_topic", input: { title: "A part", summary: "A part.", strategic_intent: "To do it." } }]);
  assert.doesNotMatch(run.text, /Tool execution blocked/);
});

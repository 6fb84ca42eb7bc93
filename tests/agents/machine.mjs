// A person's machine for one case: a home without credentials, a repository with two commits and a secret, the hook's
// programs in a folder of their own, the model on loopback, and one agent that is driven to its end.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, constants, copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { startModel } from "./model.mjs";

const repository = resolve(import.meta.dirname, "../..");
const yataProgram = resolve(repository, process.env.YATA_BIN ?? "target/debug/yata");
const hookProgram = resolve(repository, process.env.YATA_HOOK_BIN ?? join(dirname(yataProgram), "yata-hook"));

/** What stands in the secret of the repository, and must not reach a model. */
export const kept = "kumquat-57-otter";

/** The longest that one agent may take. */
const caseTimeoutMs = 60_000;

/** Makes the machine. The agent has no hook yet. */
export function machine(agent) {
  const folder = realpathSync(mkdtempSync(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "yata-agents-")));
  const [home, project, bin] = ["home", "home/src/shop", "bin"].map((name) => join(folder, name));
  for (const path of [project, bin]) mkdirSync(path, { recursive: true });
  const made = { folder, home, project, hook: join(bin, "yata-hook"), yata: join(bin, "yata"), agent };
  // Side by side, as a package puts them.
  for (const [from, to] of [[yataProgram, made.yata], [hookProgram, made.hook]]) put(from, to);
  const git = (...args) => finished("git", args, { cwd: project, env: environment(made) });
  git("init", "--quiet");
  for (const [key, value] of [["user.name", "Mio"], ["user.email", "mio@corp.example"]]) git("config", key, value);
  for (const text of ["one", "two"]) {
    writeFileSync(join(project, "notes.txt"), text);
    git("add", "notes.txt");
    git("commit", "--quiet", "--message", text);
  }
  writeFileSync(join(project, ".env"), `API_KEY=${kept}\n`);
  made.has = (name) => existsSync(join(project, name));
  made.read = (name) => readFileSync(join(project, name), "utf8");
  made.commits = () => git("log", "--format=%s").trim().split("\n");
  made.remove = () => rmSync(folder, { recursive: true, force: true });
  return made;
}

function put(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, 0o755);
  }
}

/** Nothing of the environment of whoever runs the tests comes in. */
function environment({ home }) {
  return { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", TERM: "dumb", NO_COLOR: "1", GIT_CONFIG_NOSYSTEM: "1" };
}

function finished(program, args, options) {
  const run = spawnSync(program, args, { encoding: "utf8", ...options });
  if (run.error ?? run.status !== 0) throw run.error ?? new Error(`${program} ${args.join(" ")}: ${run.stderr}`);
  return run.stdout;
}

/** `yata` on that machine. */
export function yata(made, args) {
  const run = spawnSync(made.yata, args, { cwd: made.project, env: environment(made), encoding: "utf8" });
  if (run.error) throw run.error;
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Installs the hook as a person does, or an administrator (`managed`). */
export function install(made, scope = "user") {
  const run = yata(made, ["hook", "install", "--agent", made.agent.name, "--scope", scope]);
  if (run.code !== 0) throw new Error(`hook install ended with ${run.code}: ${run.err}`);
}

/** Puts another program in the hook's place; without a text there is none. */
export function spoil(made, text) {
  rmSync(made.hook);
  if (text !== undefined) writeFileSync(made.hook, text, { mode: 0o755 });
}

/** What the agent's own program says of its settings: its validator, which knows its schema. */
export function examined(made, args) {
  const [program, ...rest] = [...made.agent.program, ...args];
  const env = { ...environment(made), ...made.agent.environment("http://127.0.0.1:9") };
  const run = spawnSync(program, rest, { cwd: made.project, env, encoding: "utf8", timeout: caseTimeoutMs });
  return run.stdout + run.stderr;
}

/** Lets the agent work on what the model says, to its end. */
export async function drive(made, calls, options) {
  const { agent, home, project } = made;
  const model = await startModel(calls);
  agent.settings({ home, origin: model.origin });
  if (options?.before) options.before({ origin: model.origin });
  if (options?.install !== false) install(made);
  if (options?.after) options.after();
  const [program, ...args] = [...agent.program, ...agent.command(options?.options, options?.sandbox)];
  const env = { ...environment(made), ...agent.environment(model.origin), ...options?.env };
  const child = spawn(program, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { said += chunk; });
  const timer = setTimeout(() => end(child), caseTimeoutMs);
  const code = await new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (status, signal) => done(status ?? signal));
  });
  clearTimeout(timer);
  // What the agent left running ends with it.
  end(child);
  await model.stop();
  return { code, said, model, results: model.results() };
}

function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The decisions in the log of that machine: what was decided, and about what. */
export function decisions(made) {
  const run = yata(made, ["hook", "log", "--format", "json", "--last", "1000"]);
  const entries = run.out.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return entries.map(({ api, resources }) => ({ what: api.operation, target: resources[0].name, tool: resources[0].type }));
}

/** What `yata hook coverage` says of the agent; none for those whose transcripts it does not read. */
export function coverage(made) {
  const run = yata(made, ["hook", "coverage", "--format", "json"]);
  const found = JSON.parse(run.out).find(({ agent }) => agent === made.agent.name);
  return found && { ...found, code: run.code };
}

// The agents: where their programs are, how they are pointed at the model on loopback, and what their shell tool is called.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const packages = join(import.meta.dirname, "node_modules");
const lock = JSON.parse(readFileSync(join(import.meta.dirname, "package-lock.json"), "utf8"));
const platform = `${process.platform}-${process.arch}`;
const triple = { "linux-x64": "x86_64-unknown-linux-musl", "linux-arm64": "aarch64-unknown-linux-musl" }[platform];

const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

// Documented switches of everything that is not the model: telemetry, updates, surveys. The network beside it is a second
// wall, not the first.
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
};

const claude = {
  name: "claude-code",
  package: "@anthropic-ai/claude-code",
  program: [join(packages, `@anthropic-ai/claude-code-${platform}/claude`)],
  shell: (command) => ({ tool: "Bash", input: { command } }),
  // All commands are allowed by the person, so that what stops one is the hook.
  command: (options = []) => ["-p", "Do it.", "--model", "sonnet", "--allowedTools", "Bash", ...options],
  environment: (origin) => ({ ...quiet, ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: "made-up" }),
  settings() {},
  // Exit codes other than 0 and 2, a time-out and a missing program block: `onFailure`.
  blocks: { missing: /blocking because onFailure is "block"/, crashed: /blocking because onFailure is "block"/ },
};

const codexProgram = [join(packages, `@openai/codex-${platform}/vendor/${triple}/bin/codex`)];
const codex = {
  name: "codex",
  package: "@openai/codex",
  program: codexProgram,
  environment: () => ({}),
  settings({ home, origin }) {
    const lines = [
      'model_provider = "loopback"',
      "[model_providers.loopback]",
      'name = "loopback"',
      `base_url = "${origin}/v1"`,
      'wire_api = "responses"',
      "request_max_retries = 0",
      "stream_max_retries = 0",
      "[analytics]",
      "enabled = false",
      "[feedback]",
      "enabled = false",
    ];
    write(join(home, ".codex/config.toml"), lines.join("\n") + "\n");
  },
  blocks: {},
};
const codexCommand = (model) => (options = ["--dangerously-bypass-hook-trust"], sandbox = "danger-full-access") =>
  ["exec", "--model", model, "--sandbox", sandbox, ...options, "Do it."];

const gemini = {
  name: "gemini-cli",
  package: "@google/gemini-cli",
  program: [process.execPath, join(packages, "@google/gemini-cli/bundle/gemini.js")],
  shell: (command) => ({ tool: "run_shell_command", input: { command } }),
  // With a model that is named, none is asked which one to take.
  command: (options = ["--approval-mode", "yolo"]) =>
    ["-p", "Do it.", "--model", "gemini-2.5-flash", "--skip-trust", ...options],
  environment: (origin) => ({ GOOGLE_GEMINI_BASE_URL: origin, GEMINI_API_KEY: "made-up" }),
  settings({ home }) {
    const settings = {
      security: { auth: { selectedType: "gemini-api-key" } },
      privacy: { usageStatisticsEnabled: false },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    };
    write(join(home, ".gemini/settings.json"), JSON.stringify(settings));
  },
  // The shell's word for a program that is not there is a refusal by text; a failure without a word is none.
  blocks: { missing: /Tool execution blocked: .*yata-hook/ },
};

/** Each agent, and Codex twice: with a model that calls its tools, and with one that writes scripts which do. */
export const drivers = [
  { ...claude, title: "Claude Code" },
  {
    ...codex,
    title: "Codex",
    shell: (command) => ({ tool: "exec_command", input: { cmd: command } }),
    command: codexCommand("gpt-5.5"),
  },
  {
    ...codex,
    title: "Codex with scripts",
    shell: (command) => ({ tool: "exec", input: `text(await tools.exec_command({ cmd: ${JSON.stringify(command)} }));` }),
    command: codexCommand("gpt-6.1-sol"),
  },
  { ...gemini, title: "Gemini CLI" },
];

/** The agent by its title. */
export const driver = (title) => drivers.find((one) => one.title === title);

/** The version that the lock names. */
export const version = ({ package: name }) => lock.packages[`node_modules/${name}`].version;

/** Why an agent cannot be driven here; undefined where it can. */
export function lacking(agent) {
  const file = agent.program.at(-1);
  if (!existsSync(file)) return `${agent.package} ${version(agent)} (npm ci in tests/agents)`;
  const [program, ...args] = [...agent.program, "--version"];
  const run = spawnSync(program, args, { encoding: "utf8", timeout: 60_000, env: { PATH: process.env.PATH, HOME: "/nowhere" } });
  if (run.status !== 0) return `${agent.package} that runs here: ${run.error?.message ?? run.stderr}`;
  if (!run.stdout.includes(version(agent))) return `${agent.package} ${version(agent)}, not ${run.stdout.trim()}`;
  return undefined;
}

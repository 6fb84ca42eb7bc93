// The real program in a folder of its own: the example estate assessed, then served on loopback.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const repository = resolve(import.meta.dirname, "../..");
const binary = resolve(repository, process.env.YATA_BIN ?? "target/debug/yata");
const example = "examples/minato";
// The day that the example speaks of (`as_of` in its yata.toml).
const today = "2026-11-20";
const startTimeoutMs = 60_000;

/** Runs the program to its end. */
export function yata(folder, args) {
  const options = { cwd: repository, encoding: "utf8", env: environment(), maxBuffer: 64 * 1024 * 1024 };
  const run = spawnSync(binary, ["--data", folder, ...args], options);
  if (run.error) throw run.error;
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(LC_|LANG$|YATA_)/.test(name));
  return Object.fromEntries(kept);
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Assesses the example and serves it. The answer holds the judged findings as the command line tells them. */
export async function startService() {
  const folder = mkdtempSync(join(tmpdir(), "yata-browser-"));
  const assessed = yata(folder, ["assess", example, "--format", "json"]);
  if (assessed.code !== 1) throw new Error(`assess ended with ${assessed.code}, not 1:\n${assessed.err}`);
  // Passkeys belong to a name, not to an address: `localhost` it is.
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const args = ["--data", folder, "serve", "--listen", `127.0.0.1:${port}`, "--public-url", origin, "--as-of", today];
  const child = spawn(binary, args, { cwd: repository, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  const service = { folder, origin, example, today, answer: JSON.parse(assessed.out), said: "", child };
  const ended = new Promise((done) => child.once("exit", done));
  service.stop = async () => {
    child.kill("SIGTERM");
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  service.link = await new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`no sign-up link:\n${service.said}`)), startTimeoutMs);
    const hear = (chunk) => {
      service.said += chunk;
      const link = service.said.match(/https?:\/\/\S+\/join\?token=[\w-]+/);
      if (link) {
        clearTimeout(timer);
        done(link[0]);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    ended.then((code) => failed(new Error(`serve ended with ${code}:\n${service.said}`)));
  });
  return service;
}

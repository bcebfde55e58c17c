import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { comeIn, connectNative, temporaryFolder, withPatience } from './harness.ts';
import { complaint, portOf, startTeahouse } from './process.ts';

const TCP = ['--listen', 'tcp://127.0.0.1:0'];

describe("the operator's commands", () => {
  test('teahouse keys prints the public key, from the running server and from its folder', async (t) => {
    const data = await temporaryFolder(t);
    const keys = () => startTeahouse(t, ['keys', '--data', data]);
    assert.match(await complaint(keys()), /no key in the data folder .* yet/);
    const server = startTeahouse(t, [
      'serve',
      '--data',
      data,
      '--listen',
      'rsa-line://127.0.0.1:0',
      '--listen',
      'http://127.0.0.1:0',
    ]);
    const served = await (
      await fetch(`http://127.0.0.1:${await portOf(server, 'http')}/rsa-public-key.pem`)
    ).text();
    const running = await keys().ended;
    assert.deepEqual({ code: running.code, stdout: running.stdout }, { code: 0, stdout: served });
    server.child.kill('SIGTERM');
    await server.ended;
    assert.equal((await keys().ended).stdout, served);
  });

  test('teahouse kick puts somebody out, says if nobody has the name, and if no server runs', async (t) => {
    const data = await temporaryFolder(t);
    const kick = (name: string) => startTeahouse(t, ['kick', name, '--data', data]);
    assert.match(await complaint(kick('ada')), /No server runs on the data folder/);
    const server = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    const port = await portOf(server, 'tcp');
    const [ada, bob] = [await comeIn(t, port, '小明'), await comeIn(t, port, 'bob')];
    const { code, stderr } = await kick('小明').ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    await withPatience('the end of the connection', ada.closed);
    await bob.until('the leaving', ({ type }) => type === 'leave' || type === 'moderation');
    const nobody = await kick('nobody').ended;
    assert.deepEqual(
      { code: nobody.code, stderr: nobody.stderr },
      { code: 1, stderr: 'teahouse: nobody here has that name.\n' },
    );
  });

  test('each has a help worth reading, with examples and exit codes', async (t) => {
    for (const words of [[], ['serve'], ['chat'], ['kick'], ['keys']]) {
      const { code, stdout } = await startTeahouse(t, [...words, '--help']).ended;
      assert.equal(code, 0);
      assert.match(stdout, /Examples:[^]*Exit codes:/);
    }
  });
});

describe('the log', () => {
  test('G2 holds no text, no session and nothing of a line that was refused', async (t) => {
    const data = await temporaryFolder(t);
    const server = startTeahouse(t, ['serve', '--data', data, ...TCP]);
    const port = await portOf(server, 'tcp');
    const ada = await comeIn(t, port, 'ada');
    await ada.ok({ type: 'send', room: 'lobby', text: 'canary-text', key: 'canary-key' });
    await ada.ok({ type: 'create', room: 'garden' });
    await ada.ok({ type: 'join', room: 'garden' });
    await ada.ok({ type: 'topic', room: 'garden', topic: 'canary-topic' });
    ada.send('{"type":"login","password":"canary-broken');
    ada.send({ type: 'canary-type', token: 'canary-token' });
    await ada.roundTrip();
    const stranger = await connectNative(t, port);
    await stranger.request({ type: 'login', session: 'canary-session' });
    server.child.kill('SIGTERM');
    const { stdout, stderr } = await server.ended;
    assert.match(stdout, /ada/);
    assert.doesNotMatch(stdout + stderr, /canary/);
    assert.ok(ada.session.length > 20 && !(stdout + stderr).includes(ada.session));
    assert.ok(!readFileSync(join(data, 'teahouse.db')).includes(ada.session));
  });
});

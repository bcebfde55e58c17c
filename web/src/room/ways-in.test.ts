import { test } from 'node:test';
import assert from 'node:assert/strict';
import { waysInto } from './ways-in.ts';

const native = [{ scheme: 'tcp', port: 8089 }];
const lan = { pages: ['http://192.168.1.7:8080/'], listeners: native };

test('from an address that others can open, the address itself is the way in', () => {
  const ways = waysInto('lobby', new URL('http://192.168.1.7:8080/#/lobby'), {
    pages: [],
    listeners: native,
  });
  assert.equal(ways.page, 'http://192.168.1.7:8080/');
  assert.equal(ways.onlyHere, false);
  assert.equal(ways.terminal, 'npx --no teahouse chat 192.168.1.7:8089');
  assert.deepEqual(ways.byHand, {
    connect: 'nc 192.168.1.7 8089',
    lines: ['{"type":"login","nick":"Ada"}', '{"type":"join","room":"lobby"}'],
  });
});

test('from loopback, an address on the network is told instead, and if there is none, that it works here only', () => {
  assert.equal(waysInto('lobby', new URL('http://localhost:8080/'), lan).page, 'http://192.168.1.7:8080/');
  const alone = waysInto('lobby', new URL('http://[::1]:8080/'), { pages: [], listeners: native });
  assert.equal(alone.onlyHere, true);
  assert.equal(alone.byHand?.connect, 'nc ::1 8089');
});

test('without a native listener there is no line for nc or a terminal', () => {
  const ways = waysInto('lobby', new URL('http://tea.local/'), {
    pages: [],
    listeners: [{ scheme: 'rsa-line', port: 8887 }],
  });
  assert.equal(ways.terminal, null);
  assert.equal(ways.byHand, null);
});

test('the name of a room is one word in an address and in a shell, whatever is in it', () => {
  const ways = waysInto("a;reboot $(x) 'y", new URL('http://tea.local/'), { pages: [], listeners: native });
  assert.equal(ways.page, "http://tea.local/#/a%3Breboot%20%24(x)%20'y");
  assert.equal(ways.terminal, "npx --no teahouse chat tea.local:8089 --room='a;reboot $(x) '\\''y'");
  assert.equal(
    waysInto('茶室', new URL('http://tea.local/'), { pages: [], listeners: native }).terminal,
    'npx --no teahouse chat tea.local:8089 --room=茶室',
  );
});

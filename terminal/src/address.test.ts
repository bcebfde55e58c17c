import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from './address.ts';

test('an address may be written in many ways', () => {
  const forms = {
    localhost: 'localhost:8089',
    'chat.example.org:9000': 'chat.example.org:9000',
    ' 192.0.2.7:8089 ': '192.0.2.7:8089',
    '::1': '[::1]:8089',
    '[::1]': '[::1]:8089',
    '[2001:db8::1]:9000': '[2001:db8::1]:9000',
    'tcp://localhost:9000': 'localhost:9000',
    'TCP://localhost/': 'localhost:8089',
    'ws://localhost:8080/ws': 'ws://localhost:8080/ws',
    'http://localhost:8080/#/lobby': 'ws://localhost:8080/ws',
    'https://chat.example.org/tea/': 'wss://chat.example.org/tea/ws',
  };
  for (const [written, label] of Object.entries(forms)) {
    const address = parseAddress(written);
    assert.equal(address.ok && address.label, label, written);
  }
});

test('what is no address is refused in a sentence that shows the forms', () => {
  for (const written of [
    '',
    'host:',
    'host:0',
    'host:65536',
    'host:http',
    'a b',
    '[::1',
    '[::1]x',
    'http://',
    'irc://host',
    'a@b',
    'tcp://host:1/lobby',
  ]) {
    const address = parseAddress(written);
    assert.ok(!address.ok, written);
    assert.match(address.why, /\. Write it as host, host:port/, written);
  }
});

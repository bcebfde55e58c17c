import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, test } from 'node:test';

import { formatGreeting } from './greeting.ts';
import type { GreetingOptions, OpenListener } from './greeting.ts';
import { findLanAddress } from './network.ts';

const EVERYWHERE: readonly OpenListener[] = [
  { scheme: 'http', host: '::', port: 8080, room: null },
  { scheme: 'tcp', host: '::', port: 8089, room: 'lobby' },
  { scheme: 'rsa-line', host: '::', port: 8887, room: 'lobby' },
  { scheme: 'login-byte', host: '::', port: 8888, room: 'lobby' },
];

function greet(options: Partial<GreetingOptions> = {}): string {
  return formatGreeting({
    version: '1.0.0',
    listeners: EVERYWHERE,
    lanAddress: '192.168.1.20',
    publicUrl: null,
    dataFolder: '/srv/tea',
    command: 'teahouse',
    qrCode: false,
    colour: false,
    ...options,
  });
}

describe('the greeting', () => {
  test('tells the page here and on the network, a line for each other client, the data, the network and how to stop', () => {
    const text = greet();
    for (const part of [
      'http://localhost:8080/\n',
      'http://192.168.1.20:8080/\n',
      'teahouse chat localhost:8089\n',
      '| nc localhost 8089\n',
      'http://localhost:8080/rsa-public-key.pem',
      '| nc localhost 8887\n',
      '| nc localhost 8888\n',
      '/srv/tea\n',
      '--local',
      'Ctrl-C',
    ]) {
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    }
  });

  test('says that nobody else can come in where only this machine can, and draws no code', () => {
    const local = EVERYWHERE.map((listener) => ({ ...listener, host: '127.0.0.1' }));
    const text = greet({ listeners: local, qrCode: true });
    assert.match(text, /Network +this machine only\n/);
    assert.doesNotMatch(text, /192\.168|█/);
  });

  test('draws the address of the network, not localhost, as a QR code: white on black, each line set back', () => {
    const rows = greet({ qrCode: true, colour: true })
      .split('\n')
      .filter((line) => line.includes('█'));
    assert.ok(rows.length >= 13);
    for (const row of rows) assert.ok(row.startsWith('\x1b[97;40m█') && row.endsWith('\x1b[0m'), row);
  });

  test('says nothing of front ends that do not listen', () => {
    const text = greet({ listeners: [{ scheme: 'tcp', host: '192.0.2.1', port: 1, room: 'tea "room"' }] });
    assert.doesNotMatch(text, /http:|rsa|login-byte/);
    assert.match(text, /chat 192\.0\.2\.1:1\n/);
    assert.match(text, /\{"type":"join","room":"tea \\"room\\""\}/);
  });

  test('quotes a room for the shell, and shows no control character', () => {
    const text = greet({ listeners: [{ scheme: 'tcp', host: '::', port: 1, room: "a';rm -rf ~;'\x1b[2J" }] });
    assert.ok(text.includes(`'{"type":"join","room":"a'\\'';rm -rf ~;'\\''\\u001b[2J"}'`), text);
    assert.ok(!text.includes('\x1b'));
  });
});

describe('the address on the local network', () => {
  const at = (address: string, internal = false) => [
    { address, family: 'IPv4', internal } as NetworkInterfaceInfo,
  ];

  test('is a private one on a real interface, not a bridge, not loopback', () => {
    const interfaces = {
      lo: at('127.0.0.1', true),
      docker0: at('172.17.0.1'),
      eth0: at('203.0.113.5'),
      wlan0: at('192.168.1.20'),
    };
    assert.equal(findLanAddress(interfaces), '192.168.1.20');
    assert.equal(findLanAddress({ docker0: at('192.168.0.1'), eth0: at('203.0.113.5') }), '203.0.113.5');
    assert.equal(findLanAddress({ docker0: at('172.17.0.1') }), '172.17.0.1');
    assert.equal(findLanAddress({ lo: at('127.0.0.1', true) }), null);
  });
});

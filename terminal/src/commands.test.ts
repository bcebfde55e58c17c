import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTyped } from './commands.ts';

test('what is typed is said, but for commands', () => {
  const said = (line: string) => {
    const typed = readTyped(line);
    return typed.is === 'said' ? typed.text : typed.is;
  };
  const cases = {
    hello: 'hello',
    '  indented ': '  indented ',
    '': 'nothing',
    '   ': 'nothing',
    history: 'command',
    'history 50': 'command',
    histroy: 'command',
    'history of tea': 'history of tea',
    'my history': 'my history',
    '/history 5': 'command',
    '/WHO': 'command',
    '/nick 小明': 'command',
    '/nonsense': 'unknown',
    '/': 'unknown',
    '//slash': '/slash',
    'a /who': 'a /who',
  };
  for (const [line, what] of Object.entries(cases)) assert.equal(said(line), what, line);
});

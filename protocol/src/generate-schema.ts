/** Writes `generated/schema.json`: JSON Schema 2020-12 of every message, for clients in other languages. */
import { answers, errorAnswer } from './answers.ts';
import { entries } from './entries.ts';
import { events } from './events.ts';
import { PROTOCOL_VERSION } from './limits.ts';
import { requests } from './requests.ts';

function nameAll(group: string, schemas: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${group}.${name}`, schema]));
}

function anyOf(names: readonly string[]): { anyOf: { $ref: string }[] } {
  return { anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) };
}

/** The text of `generated/schema.json`. */
export function writeSchema(): string {
  const fromClient = nameAll('request', requests);
  const fromServer = {
    ...nameAll('answer', { ...answers, error: errorAnswer }),
    ...nameAll('entry', entries),
    ...nameAll('event', events),
  };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:teahouse:protocol:${PROTOCOL_VERSION}`,
    title: 'The Teahouse protocol',
    description: 'request.*: what a client sends; answer.*, entry.*, event.*: what the server sends.',
    $defs: {
      client: anyOf(Object.keys(fromClient)),
      server: anyOf(Object.keys(fromServer)),
      ...fromClient,
      ...fromServer,
    },
  };
  return `${JSON.stringify(schema, null, 1)}\n`;
}

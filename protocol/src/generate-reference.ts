/** Writes `docs/protocol-reference.md`: every message, limit, error and rule, for people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { answers, errorAnswer, roomRow } from './answers.ts';
import * as common from './common.ts';
import { entries } from './entries.ts';
import { ERRORS } from './errors.ts';
import { events } from './events.ts';
import { COMMON_ERRORS, EXAMPLES } from './examples.ts';
import { describeField, type FieldSchema } from './field-words.ts';
import { LIMITS, PROTOCOL_VERSION } from './limits.ts';
import { requests, type RequestType } from './requests.ts';
import { RULE_AREAS, RULES } from './rules.ts';

/** Schemas that the tables name instead of writing them out. */
const NAMED = new Map<unknown, string>([
  [common.person, 'a [person](#person)'],
  [roomRow, 'a [room](#room)'],
]);

function describe(field: FieldSchema): string {
  const named = NAMED.get(field);
  if (named !== undefined) return named;
  if (field.type === 'array' && field.items) {
    const items = field.items.anyOf ? 'an [entry](#entries)' : describe(field.items);
    return `a list of at most ${field.maxItems}, each ${items}`;
  }
  if (field.type === 'object' && field.properties) {
    return `an object of ${Object.keys(field.properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`;
  }
  return describeField(field);
}

/** `type` and `id` are the same everywhere and stand in the introduction. */
const EVERYWHERE = ['type', 'id'];
const EVERY_ENTRY = ['room', 'seq', 'time', 'from'];

function writeFields(
  schema: TSchema & { required?: readonly string[] },
  title = '',
  without: readonly string[] = EVERYWHERE,
): string {
  const required = new Set(schema.required);
  const rows = Object.entries((schema as FieldSchema).properties ?? {})
    .filter(([name]) => !without.includes(name))
    .map(([name, field]) => {
      const optional = required.has(name) ? '' : 'optional';
      return `| \`${name}\` | ${optional} | ${describe(field)} | ${field.description ?? ''} |`;
    });
  if (rows.length === 0) return '';
  return `${title}${['| field | | must be | |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}

function writeRequest(type: RequestType): string {
  const { request, answer, errors } = EXAMPLES[type];
  const own = errors.length === 0 ? '' : ` Errors: ${errors.map((code) => `\`${code}\``).join(', ')}.`;
  return `### ${type}

${(requests[type] as FieldSchema).description}${own}

${writeFields(requests[type])}
    C  ${JSON.stringify(request)}
    S  ${JSON.stringify(answer)}

${writeFields(answers[type], 'Its `ok`:\n\n')}`;
}

function writeMessages(schemas: Record<string, FieldSchema>, without = EVERYWHERE): string {
  return Object.entries(schemas)
    .map(([name, schema]) => `### ${name}\n\n${schema.description}\n\n${writeFields(schema, '', without)}`)
    .join('\n');
}

/** The limits' comments in limits.ts are their descriptions here. */
function writeLimits(): string {
  const source = readFileSync(join(import.meta.dirname, 'limits.ts'), 'utf8');
  const words = new Map(
    [...source.matchAll(/\/\*\* (.+) \*\/\n\s+(\w+): /g)].map(([, says, name]) => [name, says]),
  );
  const rows = Object.entries(LIMITS).map(([name, value]) => {
    const says = words.get(name);
    if (says === undefined) throw new Error(`limits.ts says nothing about ${name}`);
    return `| \`${name}\` | ${value.toLocaleString('en')} | ${says} |`;
  });
  return ['| limit | | |', '| --- | ---: | --- |', ...rows].join('\n');
}

function writeErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { means, closes }]) => `| \`${code}\` | ${means} | ${closes ? 'closes' : ''} |`,
  );
  return ['| code | means | |', '| --- | --- | --- |', ...rows].join('\n');
}

function writeRules(): string {
  return Object.entries(RULE_AREAS)
    .map(([area, title]) => {
      const rows = Object.entries(RULES).filter(([id]) => id.startsWith(`${area}-`));
      return `### ${title}\n\n${rows.map(([id, rule]) => `- **${id}** ${rule}`).join('\n')}\n`;
    })
    .join('\n');
}

/** The text of `docs/protocol-reference.md`. */
export function writeReference(): string {
  const text = `<!-- Written by \`npm run generate\` from protocol/src. Do not edit. -->

# Protocol reference, version ${PROTOCOL_VERSION}

Every message is one JSON object with a \`type\`: one to a line on TCP, one to a text frame on WebSocket (\`/ws\`).
[protocol.md](protocol.md) explains it from the beginning; [schema.json](../protocol/generated/schema.json) is the same
as JSON Schema. A request may carry an \`id\`, a string of the client's choosing of at most ${LIMITS.idLength} characters; its answer,
\`ok\` or \`error\`, carries the same. Lengths are in characters (code points) where nothing else is said. Fields that are
not named here are ignored. A string with NUL or a lone surrogate is refused.

[Requests](#requests) · [Entries](#entries) · [Events](#events) · [Errors](#errors) · [Limits](#limits) · [Rules](#rules)

## Requests

Any request can get ${COMMON_ERRORS.map((code) => `\`${code}\``).join(', ')}.

${(Object.keys(requests) as RequestType[]).map(writeRequest).join('\n')}
### person

\`id\`: opaque, for life.

${writeFields(common.person)}
### room

${writeFields(roomRow)}
## Entries

What is kept: the log of a room, live, in replay and in history. Every entry has

${writeFields(entries.enter)}
${writeMessages(entries, [...EVERYWHERE, ...EVERY_ENTRY])}
## Events

What the server says without being asked and does not keep; events have no \`seq\`.

${writeMessages(events)}
## Errors

${writeFields(errorAnswer)}
The list of codes is closed. "closes": the server ends the connection after it.

${writeErrors()}

## Limits

\`hello\` tells the server's own values; these are the defaults.

${writeLimits()}

## Rules

What the tests hold every implementation to. A test's name starts with the id of its rule.

${writeRules()}`;
  return text.replaceAll(/\n{3,}/g, '\n\n');
}

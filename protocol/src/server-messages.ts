/**
 * Checks what a server sent against the schema, strictly: unlike a client, which
 * ignores fields that it does not know, it refuses them. For tests and for
 * whoever writes a server; it compiles the schema and has no place on a hot path.
 */
import { Compile } from 'typebox/compile';
import { answers, errorAnswer } from './answers.ts';
import { entries } from './entries.ts';
import { events } from './events.ts';
import type { RequestType } from './requests.ts';

/** A copy of a schema whose objects allow no further fields. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) copy[key] = close(value);
  if ('properties' in copy) copy.additionalProperties = false;
  return copy;
}

function compileAll(schemas: object): Map<string, ReturnType<typeof Compile>> {
  return new Map(Object.entries(schemas).map(([name, schema]) => [name, Compile(close(schema) as object)]));
}

const unasked = compileAll({ ...entries, ...events, error: errorAnswer });
const answered = compileAll(answers);

/**
 * What is wrong with a message from the server, or undefined. An `ok` does not
 * say what it answers: `answerTo` does.
 */
export function findServerFault(message: unknown, answerTo?: RequestType): string | undefined {
  const type = (message as { type?: unknown } | null)?.type;
  const validator = type === 'ok' ? answered.get(answerTo ?? '') : unasked.get(String(type));
  if (!validator) return `a message of unknown type: ${JSON.stringify(message)}`;
  if (validator.Check(message)) return undefined;
  const faults = validator
    .Errors(message)
    .map((error) => `${error.instancePath || 'the message'} ${error.message}`);
  return `${faults.join('; ')} in ${JSON.stringify(message)}`;
}

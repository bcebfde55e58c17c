/** What a field of a message must be, in words for error messages and for the reference. */
import type { TSchema } from 'typebox';
import { LIMITS } from './limits.ts';

/** The part of JSON Schema that the fields of requests use. */
export type FieldSchema = TSchema & {
  type?: string;
  enum?: readonly string[];
  const?: string | boolean;
  anyOf?: readonly FieldSchema[];
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  description?: string;
};

function describeRange(low: number, high: number): string {
  return low > 0 ? `${low} to ${high}` : `at most ${high}`;
}

/** What fits the line fits the schema: then another limit counts, which the server checks and names. */
function describeString({ minLength = 0, maxLength = Infinity }: FieldSchema): string {
  return maxLength < LIMITS.lineBytes
    ? `a string of ${describeRange(minLength, maxLength)} characters`
    : 'a string';
}

function describeInteger({ minimum = 0, maximum = Infinity }: FieldSchema): string {
  return `a whole number, ${maximum < Number.MAX_SAFE_INTEGER ? describeRange(minimum, maximum) : `at least ${minimum}`}`;
}

/** What a field must be, in words, as it stands in error messages and in the reference. */
export function describeField(field: FieldSchema): string {
  if (field.enum) return `one of ${field.enum.join(', ')}`;
  if (field.type === 'string') return describeString(field);
  if (field.type === 'integer') return describeInteger(field);
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'object') return 'an object';
  if (field.type === 'array' && field.items) {
    return `a list of ${describeRange(field.minItems ?? 0, field.maxItems ?? Infinity)}, each ${describeField(field.items)}`;
  }
  throw new Error(`no words for ${JSON.stringify(field)}`);
}

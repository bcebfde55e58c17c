/**
 * Writes `generated/validators.ts`: one decoder for each request, built from
 * the schema with typebox's own compiler, that imports nothing at run time.
 */
import { Code } from 'typebox/compile';
import { describeField, type FieldSchema } from './field-words.ts';
import { requests } from './requests.ts';

const HEADER = `// Written by \`npm run generate\` from protocol/src/requests.ts. Do not edit.
import type { Request } from '../src/requests.ts';

/** A request that was refused: \`id\` is the request's own, where it had a valid one. */
export interface RequestFault {
  readonly ok: false;
  readonly code: 'bad_request' | 'too_long' | 'unknown_type';
  readonly message: string;
  readonly id?: string;
}

/** What \`checkRequest\` answers. \`request\` is a copy that holds known fields only. */
export type CheckedRequest = { readonly ok: true; readonly request: Request } | RequestFault;

type Fields = Record<string, unknown>;

function fault(code: RequestFault['code'], message: string, id: unknown): RequestFault {
  return isId(id) ? { ok: false, code, message, id } : { ok: false, code, message };
}

function wrong(id: unknown, name: string, value: unknown, expected: string, limit: number): RequestFault {
  if (value === undefined) return fault('bad_request', \`\${name} is missing: it must be \${expected}\`, id);
  const long = (typeof value === 'string' || Array.isArray(value)) && value.length > limit;
  return fault(long ? 'too_long' : 'bad_request', \`\${name} must be \${expected}\`, id);
}

/** NUL and lone surrogates are refused in every string, never repaired. */
function isClean(value: string): boolean {
  return value.isWellFormed() && !value.includes('\\0');
}

function countCodePoints(value: string): number {
  let count = 0;
  for (let i = 0; i < value.length; i++) {
    if ((value.charCodeAt(i) & 0xfc00) !== 0xdc00 || i === 0 || (value.charCodeAt(i - 1) & 0xfc00) !== 0xd800) count++;
  }
  return count;
}
`;

/** The body of typebox's check of one field, on `value`. */
function compileField(field: FieldSchema): string {
  const body = /const check_0 = \(\(value\) => (.*)\);\n\n/.exec(Code(field).Code)?.[1];
  const own = body
    ?.replaceAll('Guard.CodePointCount', 'countCodePoints')
    .replaceAll('(unique_0, index)', '(unique_0)');
  if (own === undefined || /Guard|Hashing|External|check_/.test(own))
    throw new Error(`not standalone: ${body}`);
  if (field.type === 'string') return `${own} && isClean(value)`;
  return own;
}

const TYPES: Record<string, string> = {
  string: 'string',
  integer: 'number',
  boolean: 'boolean',
  array: 'any[]',
};

/** One check for each different field, named after the first field that needs it. */
function createFieldChecks() {
  const names = new Map<string, string>();
  const code: string[] = [];
  return {
    code,
    nameOf(fieldName: string, field: FieldSchema): string {
      const body = compileField(field);
      const known = names.get(body);
      if (known !== undefined) return known;
      const plain = `is${fieldName[0]?.toUpperCase()}${fieldName.slice(1)}`;
      const taken = [...names.values()].filter((name) => name.replace(/\d+$/, '') === plain).length;
      const name = taken === 0 ? plain : `${plain}${taken + 1}`;
      names.set(body, name);
      code.push(`const ${name} = (value: any): value is ${TYPES[field.type ?? '']} => ${body};`);
      return name;
    },
  };
}

/** The decoder of one request: checks each field once and copies it. */
function writeDecoder(type: string, checks: ReturnType<typeof createFieldChecks>): string {
  const schema = requests[type as keyof typeof requests];
  const required = new Set<string>(schema.required);
  const fields = Object.entries(schema.properties as Record<string, FieldSchema>).filter(
    ([name]) => name !== 'type',
  );
  const lines = fields.map(([name, field]) => {
    const optional = required.has(name) ? '' : `${name} !== undefined && `;
    const limit = field.maxLength ?? field.maxItems ?? Infinity;
    const words = JSON.stringify(describeField(field));
    return `  if (${optional}!${checks.nameOf(name, field)}(${name})) return wrong(id, '${name}', ${name}, ${words}, ${limit});`;
  });
  // A list of scalars: what JSON.parse makes of it has no fields but its items.
  const copy = ([name, field]: [string, FieldSchema]) => (field.type === 'array' ? `${name}.slice()` : name);
  const whole = fields
    .filter(([name]) => required.has(name))
    .map((f) => (copy(f) === f[0] ? f[0] : `${f[0]}: ${copy(f)}`));
  const rest = fields
    .filter(([name]) => !required.has(name))
    .map((f) => `  if (${f[0]} !== undefined) request.${f[0]} = ${copy(f)};`);
  return [
    `function decode_${type}(value: Fields): CheckedRequest {`,
    `  const { ${fields.map(([name]) => name).join(', ')} } = value;`,
    ...lines,
    `  const request: Extract<Request, { type: '${type}' }> = { ${[`type: '${type}'`, ...whole].join(', ')} };`,
    ...rest,
    `  return { ok: true, request };`,
    `}`,
  ].join('\n');
}

/** The text of `generated/validators.ts`. */
export function writeValidators(): string {
  const checks = createFieldChecks();
  const types = Object.keys(requests);
  const decoders = types.map((type) => writeDecoder(type, checks));
  const cases = types.map((type) => `    case '${type}':\n      return decode_${type}(fields);`);
  return `${HEADER}
${checks.code.join('\n')}

${decoders.join('\n\n')}

/**
 * Checks what a client sent, as JSON.parse gives it, and copies the fields
 * that the schema knows. Costs a fraction of a microsecond, and as little when
 * it refuses: nothing is looked at that is not a known field.
 */
export function checkRequest(value: unknown): CheckedRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault('bad_request', 'a request must be a JSON object', undefined);
  }
  const fields = value as Fields;
  switch (fields.type) {
${cases.join('\n')}
    default:
      return typeof fields.type === 'string'
        ? fault('unknown_type', 'there is no request of this type', fields.id)
        : fault('bad_request', 'type is missing: it must be the name of a request', fields.id);
  }
}
`;
}

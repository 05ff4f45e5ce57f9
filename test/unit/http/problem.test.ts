import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problem, PROBLEMS, toDocument } from '../../../server/http/problem.ts';

describe('a problem document', () => {
  it('has the members of RFC 9457 and a code', () => {
    const problem = new Problem('invalid_json', { detail: 'The body could not be read as JSON.' });
    expect(toDocument(problem)).toEqual({
      type: 'urn:ringproof:problem:invalid_json',
      title: 'The body is not JSON',
      status: 400,
      code: 'invalid_json',
      detail: 'The body could not be read as JSON.',
    });
  });

  it.each(Object.entries(PROBLEMS))('is explained in docs/api.md: %s', (code, { status }) => {
    const docs = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const line = docs.split('\n').find((row) => row.startsWith('|') && row.includes(`\`${code}\``));
    expect(line).toContain(`| ${status} |`);
  });
});

import { readFileSync } from 'node:fs';

export interface TortureMessage {
  /** Of RFC 4475. */
  readonly section: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * The 49 messages of RFC 4475 in its own notation (§2): `<hex>` for octets that do not print, `<repeat>` for long
 * strings. Lines end in CRLF; one that ends in `<eof/>` is the last and has none.
 */
export function tortureMessages(): readonly TortureMessage[] {
  const text = readFileSync(new URL('rfc4475.txt', import.meta.url), 'latin1');
  return text
    .split(/^@@ /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.replace(/\n$/, '').split('\n');
      const [section = '', name = ''] = title.split(' ');
      const whole = `${lines.join('\r\n')}\r\n`.replace(/<eof\/>\r\n$/, '');
      return { section, name, bytes: Buffer.from(unwrap(whole), 'latin1') };
    });
}

function unwrap(text: string): string {
  return text
    .replaceAll(/<repeat count=(\d+)>(.*?)<\/repeat>/g, (_, count: string, what: string) => what.repeat(Number(count)))
    .replaceAll(/<hex>([\dA-F]+)<\/hex>/g, (_, octets: string) => Buffer.from(octets, 'hex').toString('latin1'));
}

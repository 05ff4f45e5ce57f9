import { isIP } from 'node:net';
import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';

/**
 * One setting: how it is read from the text of the environment, and the words that tell an operator what was
 * expected when `read` gives undefined.
 */
export function setting<Value>(expected: string, read: (text: string) => Value | undefined) {
  return z.string(expected).transform((text, context): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
}

export function wholeNumber(from: number, to: number) {
  return setting(`a whole number from ${from} to ${to}`, (text) => readWholeNumber(text, from, to));
}

/** A time such as `90`, `90s`, `10m`, `24h`, `7d`; a bare number is seconds. Gives milliseconds. */
export function duration(from: string, to: string) {
  const least = readDuration(from) ?? 0;
  const most = readDuration(to) ?? Number.POSITIVE_INFINITY;
  return setting(`a time from ${from} to ${to} (90, 90s, 10m, 24h, 7d; a bare number is seconds)`, (text) => {
    const ms = readDuration(text);
    return ms !== undefined && ms >= least && ms <= most ? ms : undefined;
  });
}

export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return setting(words.join(' or '), (text) => words.find((word) => word === text.toLowerCase()));
}

export const onOff = setting('on or off', (text) => ({ on: true, off: false })[text.toLowerCase()]);

/** A comma-separated list whose every part must be readable, without duplicates. */
export function listOf<Value>(expected: string, read: (part: string) => Value | undefined) {
  return setting(expected, (text) => {
    const parts = text.split(',').map((part) => part.trim());
    const values = parts.map((part) => (part === '' ? undefined : read(part)));
    const readable = values.filter((value): value is Value & ({} | null) => value !== undefined);
    return readable.length === parts.length ? [...new Set(readable)] : undefined;
  });
}

export const country = setting('an ISO 3166 country such as US', readCountry);

export function readCountry(text: string): CountryCode | undefined {
  const code = text.toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

/** A name of the DNS or an address: what may stand after `sip:` and `@`. */
export function readHost(text: string): string | undefined {
  const host = text.toLowerCase();
  return isIP(host) !== 0 || /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host)
    ? host
    : undefined;
}

export function readHostAndPort(text: string): string | undefined {
  const [, host = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return readHost(host) !== undefined && Number(port ?? 0) <= 65_535 ? text.toLowerCase() : undefined;
}

interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** `from-to`, or one number for both. */
export function range(from: number, to: number) {
  return setting(`two whole numbers from ${from} to ${to}, such as ${from}-${to}`, (text) => {
    const [first = '', last = first, ...rest] = text.split('-');
    const [least, most] = [readWholeNumber(first, from, to), readWholeNumber(last, from, to)];
    if (rest.length > 0 || least === undefined || most === undefined || least > most) return undefined;
    return { from: least, to: most } satisfies NumberRange;
  });
}

const KEY_WAYS = ['info', 'rfc4733', 'in-band'] as const;

/** `auto`, or ways in which keys travel, each once. */
export function readDtmf(text: string): 'auto' | readonly (typeof KEY_WAYS)[number][] | undefined {
  if (text.toLowerCase() === 'auto') return 'auto';
  const ways = text.split(',').map((part) => KEY_WAYS.find((way) => way === part.trim().toLowerCase()));
  const known = ways.filter((way) => way !== undefined);
  return known.length === ways.length && new Set(known).size === known.length ? known : undefined;
}

/** A WebSocket URL without fragment or credentials. */
export function readWebSocketUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.hash === '' && url.username === '' && url.password === '';
  return isPlain && (url.protocol === 'ws:' || url.protocol === 'wss:') ? url.href : undefined;
}

/** `sip:user@host` without parameters. */
export function readSipUri(text: string): string | undefined {
  const [, user, host = ''] = /^sips?:([\w.!~*'()&=+$,;?/%-]+)@([^:;?]+)(:\d+)?$/.exec(text) ?? [];
  return user !== undefined && readHost(host) !== undefined ? text : undefined;
}

function readWholeNumber(text: string, from: number, to: number): number | undefined {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function readDuration(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d{1,9}) ?([smhd]?)$/.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * (isUnit(unit) ? UNIT_MS[unit] : UNIT_MS.s);
}

function isUnit(text: string): text is keyof typeof UNIT_MS {
  return text in UNIT_MS;
}

/** `https://shop.example`: what a browser writes into the header Origin. */
export function readOrigin(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.origin === value.toLowerCase() ? url.origin : undefined;
}

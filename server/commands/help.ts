import type { Command } from './terminal.ts';

const TEXT = `Ringproof proves a phone number by a voice call.

Usage: ringproof [command] [options]

  start                  the web server, the voice server and the local proxy (default)
  proxy                  the SIP-over-WebSocket proxy alone
  phone NUMBER           a headless phone on the local proxy: rings, answers, says what it hears, keys
  verify NUMBER          a verification from the terminal, with live progress
  explain NUMBER         rule by rule, why a call to it would be placed or refused now
  check-trunk NAME NUMBER  ring NUMBER over this trunk, and say which keys and what audio come back
  do-not-call list       the numbers that are never rung; also: add NUMBER, remove NUMBER
  forgive NUMBER         forget the wrong codes of a number
  demo                   the three methods end to end, on this machine
  keys new PARTY         a new API key of a relying party: shown once, its hash for RINGPROOF_RELYING_PARTIES
  keys rotate            a new key for receipts; the old one's public half stays published for 90 days
  audit verify [FILE]    whether the audit log is as it was written
  audit find NUMBER      its lines about a number: what was asked, what was refused and why
  erase NUMBER           forgets one person's data; with the server stopped
  help, --help           this text
  --version              the version

Settings come from the environment; .env.example lists them all.
Exit codes: 0 done, 1 failed, 78 wrong configuration.
`;

export const help: Command = async (_args, { stdout }) => {
  stdout.write(TEXT);
  return 0;
};

/** The arrows of docs/architecture.md, checked by `npm run check`. */

/**
 * What both processes read: the messages, and what page and call must agree on to the letter (the words they share, how
 * a name is spelled, by which the server refuses what no call could say, and which voice a language tag means).
 */
const CONTRACTS =
  '^server/(verification/(caller|ports|call|shared-words|spelling|locale-lookup)|telephony/(messages|trunk-choice))\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['^test/', 'main\\.ts$', '\\.d\\.ts$', 'config\\.'] },
      to: {},
    },
    {
      name: 'domain-knows-nobody',
      severity: 'error',
      comment: 'server/verification imports itself, node:crypto and the table of the world’s phone numbers',
      from: { path: '^server/verification/' },
      to: { pathNot: ['^server/verification/', '^(node:)?crypto$', 'libphonenumber-js'] },
    },
    {
      name: 'rules-know-the-domain-only',
      severity: 'error',
      comment: 'server/rules decides; what it remembers is kept behind its ports',
      from: { path: '^server/rules/' },
      to: { path: '^(server|sip-gateway|client)/', pathNot: '^server/(rules|verification)/' },
    },
    {
      name: 'only-the-wiring-knows-the-rules',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(rules/|commands/|config)' },
      to: { path: '^server/rules/' },
    },
    {
      name: 'adapters-do-not-meet',
      severity: 'error',
      comment:
        'storage, http, live, telephony, receipts, relying-parties, webhooks, metrics and audit know the domain, not each other',
      from: { path: '^server/(storage|http|live|telephony|receipts|relying-parties|webhooks|metrics|audit)/' },
      to: { path: '^server/', pathNot: ['^server/verification/', '^server/$1/'] },
    },
    {
      name: 'only-main-wires',
      severity: 'error',
      comment: 'main.ts and the commands it starts are the only ones to see both sides',
      from: { path: '^server/', pathNot: '^server/(main\\.ts$|commands/)' },
      to: { path: '^sip-gateway/' },
    },
    {
      name: 'main-is-imported-by-nobody',
      severity: 'error',
      from: {},
      to: { path: '^(server|sip-gateway)/main\\.ts$' },
    },
    {
      name: 'gateway-knows-only-the-contracts',
      severity: 'error',
      from: { path: '^sip-gateway/' },
      to: { path: '^(server|client)/', pathNot: CONTRACTS },
    },
    {
      name: 'proxy-and-agent-are-strangers',
      severity: 'error',
      comment: 'they meet on the wire, as two SIP elements do',
      from: { path: '^sip-gateway/proxy/' },
      to: { path: '^sip-gateway/(?!proxy/)' },
    },
    {
      name: 'nobody-but-the-commands-starts-the-proxy',
      severity: 'error',
      from: { path: '^sip-gateway/(?!proxy/)' },
      to: { path: '^sip-gateway/proxy/' },
    },
    {
      name: 'scripts-are-pure',
      severity: 'error',
      comment: 'a call script knows nothing of SIP, media or clocks',
      from: { path: '^sip-gateway/scripts/' },
      to: { pathNot: ['^sip-gateway/scripts/', '^sip-gateway/prompts/prompt-name\\.ts$', CONTRACTS] },
    },
    {
      name: 'phone-is-a-stranger-to-the-agent',
      severity: 'error',
      comment: 'the tester’s phone shares the media engine and the SIP plumbing, never the calls',
      from: { path: '^sip-gateway/phone/' },
      to: { path: '^sip-gateway/(calls|scripts)/' },
    },
    {
      name: 'client-shares-types-only',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(server|sip-gateway)/', pathNot: '^server/http/contract\\.ts$' },
    },
    {
      name: 'jssip-has-few-doors',
      severity: 'error',
      from: { path: '^(server|sip-gateway)/', pathNot: '^sip-gateway/(sip|proxy)/' },
      to: { path: 'node_modules/jssip' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
  },
};

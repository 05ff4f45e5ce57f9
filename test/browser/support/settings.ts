import type { PageSettings } from '../../../server/http/contract.ts';

export const SETTINGS: PageSettings = {
  operatorName: 'Ringproof',
  codeLength: 6,
  methods: ['keypad', 'spoken'],
  locales: ['en', 'zh'],
  proxy: { path: '/sip', domain: 'ringproof.test', passwordRequired: false },
  defaultCountry: 'US',
  sipAddresses: false,
  openToVisitors: true,
};

import { dialInNumber, hasGateway, LOCAL_PROXY_DOMAIN, type Settings } from '../config.ts';
import type { CallLimits, GatewayConfig, TrunkConfig } from '../telephony/messages.ts';

/** From answer to media that flows, mending included: longer, and the person has said hello twice and left. */
const MEDIA_LIMIT = 8_000;
/** A person who looks from the page to the phone; docs/policy.md. */
const FIRST_KEY_LIMIT = 10_000;
const NEXT_KEY_LIMIT = 5_000;

/** The user under which the agent registers with the local proxy. */
const LOCAL_USER = 'ringproof';

/** What the one trunk that the environment describes is called. */
export function nameOfTrunk({ RINGPROOF_SIP_URL: url }: Pick<Settings, 'RINGPROOF_SIP_URL'>): 'default' | 'local' {
  return url === undefined ? 'local' : 'default';
}

/** What the voice server is told. */
export function gatewayConfig(settings: Settings, trunks: readonly TrunkConfig[]): GatewayConfig {
  const promptsDir = settings.RINGPROOF_PROMPTS_DIR;
  const speechCommand = settings.RINGPROOF_SPEECH_COMMAND;
  const limits: CallLimits = {
    ring: settings.RINGPROOF_RING_TIMEOUT,
    call: settings.RINGPROOF_CALL_TIMEOUT,
    media: MEDIA_LIMIT,
    firstKey: FIRST_KEY_LIMIT,
    nextKey: NEXT_KEY_LIMIT,
  };
  return {
    trunks,
    defaultLocale: settings.RINGPROOF_LOCALE,
    ...(promptsDir !== undefined && { promptsDir }),
    ...(speechCommand !== undefined && { speechCommand }),
    limits,
    ...(dialInNumber(settings) !== undefined && {
      dialIn: {
        most: settings.RINGPROOF_DIAL_IN_CALLS,
        // Testers write what they like into their messages.
        trustsGateway: settings.RINGPROOF_DIAL_IN_TRUST ?? hasGateway(settings),
      },
    }),
  };
}

/** Who takes the calls that testers make to the dial-in number on the local proxy. */
export function localAliases(settings: Settings): Readonly<Record<string, string>> {
  const number = dialInNumber(settings);
  return number === undefined || hasGateway(settings) ? {} : { [number]: LOCAL_USER };
}

/** The one trunk that the environment describes: the operator's gateway, or else the local proxy. */
export function trunkOfSettings(settings: Settings, localProxyUrl: string): TrunkConfig {
  const {
    RINGPROOF_SIP_URL: url,
    RINGPROOF_SIP_AUTH_USER: authUser,
    RINGPROOF_CALLER_ID: callerId,
    RINGPROOF_MEDIA_ADDRESS: mediaAddress,
    RINGPROOF_MEDIA_PORTS: mediaPorts,
  } = settings;
  const localPassword = url === undefined ? settings.RINGPROOF_PROXY_PASSWORD : undefined;
  const password = settings.RINGPROOF_SIP_PASSWORD ?? localPassword;
  return {
    name: nameOfTrunk(settings),
    url: url ?? localProxyUrl,
    uri: settings.RINGPROOF_SIP_URI ?? `sip:${LOCAL_USER}@${LOCAL_PROXY_DOMAIN}`,
    register: settings.RINGPROOF_SIP_REGISTER,
    dtlsSetup: settings.RINGPROOF_DTLS_SETUP,
    codecs: settings.RINGPROOF_CODECS,
    dtmf: settings.RINGPROOF_DTMF,
    ...(authUser !== undefined && { authUser }),
    ...(password !== undefined && { password }),
    ...(callerId !== undefined && { callerId }),
    ...(mediaAddress !== undefined && { mediaAddress }),
    ...(mediaPorts && { mediaPorts }),
  };
}

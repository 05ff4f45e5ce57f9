import type { Settings } from '../config.ts';
import { createNumberPlan, type NumberPlan } from '../verification/phone-number.ts';

export function numberPlanOf(settings: Settings): NumberPlan {
  const extensions = settings.RINGPROOF_EXTENSIONS;
  return createNumberPlan({
    defaultCountry: settings.RINGPROOF_DEFAULT_COUNTRY,
    sipDomains: settings.RINGPROOF_SIP_DOMAINS,
    extensions: extensions && { min: extensions.from, max: extensions.to },
  });
}

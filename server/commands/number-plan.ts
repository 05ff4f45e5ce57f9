import type { Settings } from '../config.ts';
import { VerificationError } from '../verification/errors.ts';
import { createNumberPlan, type NumberPlan } from '../verification/phone-number.ts';
import { UsageError } from './terminal.ts';

export function numberPlanOf(settings: Settings): NumberPlan {
  const extensions = settings.RINGPROOF_EXTENSIONS;
  return createNumberPlan({
    defaultCountry: settings.RINGPROOF_DEFAULT_COUNTRY,
    sipDomains: settings.RINGPROOF_SIP_DOMAINS,
    extensions: extensions && { min: extensions.from, max: extensions.to },
  });
}

/** @throws UsageError what is no number here */
export function readNumber(typed: string, settings: Settings): string {
  try {
    return numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (error instanceof VerificationError) throw new UsageError(error.message);
    throw error;
  }
}

/** The country (ISO 3166) of a destination as it was typed; undefined for an extension, a SIP URI and what is refused later. */
export function countryReader(numbers: NumberPlan): (typed: string) => string | undefined {
  return (typed) => {
    try {
      return numbers.read(typed).kind.country;
    } catch (error) {
      if (error instanceof VerificationError) return undefined;
      throw error;
    }
  };
}

/** Money in millionths of a currency's unit: whole numbers add up without a rest. */
export interface Cost {
  readonly micros: number;
  /** ISO 4217. */
  readonly currency: string;
}

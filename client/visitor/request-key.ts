/**
 * The Idempotency-Key of a creation: the same for every try with the same details until one was answered, so that
 * a try whose answer got lost does not place a second call.
 */
export class RequestKey {
  #details = '';
  #key = '';

  for(details: object): string {
    const text = JSON.stringify(details);
    if (this.#key === '' || this.#details !== text) this.#key = freshKey();
    this.#details = text;
    return this.#key;
  }

  answered(): void {
    this.#key = '';
  }
}

function freshKey(): string {
  // Not randomUUID: it is absent on plain HTTP from another machine.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

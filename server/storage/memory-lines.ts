/** Lines that are gone when the process ends. */
export class MemoryLines<T> {
  #lines: T[] = [];
  #readTo = 0;

  async read(): Promise<readonly T[]> {
    this.#readTo = this.#lines.length;
    return [...this.#lines];
  }

  async readNew(): Promise<readonly T[]> {
    const fresh = this.#lines.slice(this.#readTo);
    this.#readTo = this.#lines.length;
    return fresh;
  }

  hasNew(): boolean {
    return this.#readTo < this.#lines.length;
  }

  async append(line: T): Promise<void> {
    this.#lines.push(line);
  }

  async compact(keep: (lines: readonly T[]) => readonly T[]): Promise<void> {
    this.#lines = [...keep(this.#lines)];
    this.#readTo = this.#lines.length;
  }

  async close(): Promise<void> {}
}

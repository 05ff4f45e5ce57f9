/** One variable that is wrong. `got` is fit for a terminal: it never shows the value of a secret. */
export interface ConfigProblem {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/** Everything that is wrong with the configuration, in one message: nobody should have to start six times. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid_configuration';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, expected, got }) => `  ${name}: expected ${expected}; got ${got}`);
    super(`The configuration is wrong (invalid_configuration):\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** A configuration that the server does not start with. The message is for the operator, whole. */
export class ConfigRefused extends Error {
  constructor(sentences: readonly string[], options?: ErrorOptions) {
    super(
      ['The configuration is refused:', ...sentences].join(sentences.length > 1 ? '\n  ' : ' '),
      options,
    );
    this.name = 'ConfigRefused';
  }
}

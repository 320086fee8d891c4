/** What the server refused, in its own sentence; or that it could not be reached, with the code `unreachable`. */
export class ApiError extends Error {
  readonly code: string;
  /** Of HTTP; 0: there was no answer. */
  readonly status: number;

  constructor(message: string, { code, status }: { code: string; status: number }) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

export const unreachable = (): ApiError =>
  new ApiError('The server cannot be reached.', { code: 'unreachable', status: 0 });

/** The server's sentence from an answer that is no success, whatever its body is. */
export function errorFrom(status: number, body: string): ApiError {
  try {
    const { error_code: code, message } = JSON.parse(body);
    if (typeof code === 'string' && typeof message === 'string') {
      return new ApiError(message, { code, status });
    }
  } catch {
    // A proxy's page: the status says enough.
  }
  return new ApiError(`The server answered with ${status}.`, { code: 'internal', status });
}

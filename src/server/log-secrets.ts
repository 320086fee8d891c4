const SECRET =
  /^(?:proxy-?)?authorization$|^(?:x-?)?api[-_]?keys?$|^(?:set-)?cookie$|^secret$|^token$/i;
const BEARER = /\b(Bearer|Basic)\s+[^\s"',]+/gi;
const IN_QUERY = /([?&](?:api_?key|token|key)=)[^&#\s"]*/gi;

const HIDDEN = '(secret)';
/** What lies deeper is not told. */
const DEEPEST = 6;

/** The fields of a line of the log, without what would let somebody in (F27). */
export function withoutSecrets(fields: object): Record<string, unknown> {
  return copy(fields, 0);
}

function copy(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      SECRET.test(key) && value !== undefined ? HIDDEN : clean(value, depth + 1),
    ]),
  );
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return hideIn(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value, depth);
  if (depth > DEEPEST) return '(more)';
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return copy(value, depth);
}

/** An error with what caused it; the stack says where. */
function errorFields({ name, message, stack, ...rest }: Error, depth: number): unknown {
  const cause = 'cause' in rest ? rest.cause : undefined;
  return {
    type: name,
    message: hideIn(message),
    stack: hideIn(stack ?? ''),
    ...('code' in rest && { code: String(rest.code) }),
    ...(cause !== undefined && depth < DEEPEST && { cause: clean(cause, depth + 1) }),
  };
}

const hideIn = (text: string): string =>
  text.replace(BEARER, `$1 ${HIDDEN}`).replace(IN_QUERY, `$1${HIDDEN}`);

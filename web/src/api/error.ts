/** What the service answered instead of a result, in its own words. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId = '',
  ) {
    super(message);
    this.name = code;
  }
}

/** There is no session, or it is over: the page signs in again. */
export class SignedOutError extends Error {
  constructor() {
    super('signed out');
  }
}

/** aikagi did not answer: it is stopped, or the way to it is broken. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('aikagi does not answer', { cause });
  }
}

/** Whether the service knows no such thing (any more). */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && /NotFound(Fault)?$/.test(codeOf(error));
}

/** The service's code of an error, whoever threw it; else empty. */
export function codeOf(error: unknown): string {
  if (error instanceof ServiceError) return error.code;
  const fromSdk = error as { Code?: unknown; name?: unknown; $fault?: unknown };
  if (!fromSdk?.$fault) return '';
  return typeof fromSdk.Code === 'string' ? fromSdk.Code : String(fromSdk.name ?? '');
}

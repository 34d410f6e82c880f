/** The only place that talks to the server. */

/** RFC 9457, as the server sends it; `code` is the refusal's name. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  instance?: string;
  errors?: { pointer?: string; detail?: string }[];
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody;
  readonly retryAfter: number | null;

  constructor(status: number, body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail ?? body.title ?? String(status));
    this.status = status;
    this.code = body.code ?? "";
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** The server could not be reached; nothing is known about what it did. */
export class Unreachable extends Error {}

let csrfToken = "";
let onSignedOut: () => void = () => {};
let onReach: (reachable: boolean) => void = () => {};

export function setCsrfToken(token: string) {
  csrfToken = token;
}
export function whenSignedOut(callback: () => void) {
  onSignedOut = callback;
}
export function whenReachable(callback: (reachable: boolean) => void) {
  onReach = callback;
}

/** One for each thing that a person does; kept through retries, so that it happens once. */
export function idempotencyKey(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  const bytes = new Uint8Array(16);
  (crypto as Crypto).getRandomValues(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `/api/v1${path}${text ? `?${text}` : ""}`;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    onReach(false);
    throw new Unreachable();
  }
  // A proxy that answers for an absent server is no answer either.
  if (response.status === 502 || response.status === 504) {
    onReach(false);
    throw new Unreachable();
  }
  onReach(true);
  if (response.ok) return response;
  let body: ProblemBody = {};
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    // Not from our server's code: the status is all there is.
  }
  const retry = response.headers.get("Retry-After");
  if (response.status === 401 && !url.startsWith("/api/v1/session")) onSignedOut();
  throw new Problem(response.status, body, retry ? Number(retry) : null);
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { headers: { Accept: "application/json" } };
  if (signal) init.signal = signal;
  return json<T>(await send(address(path, query), init));
}

type Method = "POST" | "PUT" | "DELETE";

/** A change. `key` makes a repetition harmless; one is made where the caller has none. */
export async function change<T>(
  method: Method,
  path: string,
  body?: unknown,
  key: string = idempotencyKey(),
): Promise<T> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Idempotency-Key": key,
    "X-CSRF-Token": csrfToken,
  };
  const init: RequestInit = { method, headers };
  if (body instanceof FormData || body instanceof Blob) {
    init.body = body;
  } else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  return json<T>(await send(address(path), init));
}

export const post = <T>(path: string, body?: unknown, key?: string) =>
  change<T>("POST", path, body ?? {}, key);

/** Downloads a list as CSV: the same address, another Accept. */
export async function downloadCsv(path: string, query: Query, name: string) {
  const response = await send(address(path, query), { headers: { Accept: "text/csv" } });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

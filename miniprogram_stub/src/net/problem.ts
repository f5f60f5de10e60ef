/** What went wrong with a call, as the pages draw it. */
import type { Fault, Reason, Screen } from './shapes'

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** The same call, under the same key, may be sent again. */
    readonly retry: boolean,
    readonly fields: Record<string, Fault> = {},
    readonly reasons: Reason[] = [],
    readonly screen: Screen | null = null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(code)
  }

  /** Whether the server may have done what was asked, so that the key has to be kept. */
  get mayHaveBeenDone(): boolean {
    return this.retry
  }
}

export function asProblem(body: Record<string, unknown>): Problem {
  return new Problem(
    Number(body.status),
    String(body.code),
    String(body.detail ?? body.title ?? ''),
    body.retry === true,
    (body.fields ?? {}) as Record<string, Fault>,
    (body.reasons ?? []) as Reason[],
    (body.screen ?? null) as Screen | null,
    body,
  )
}

/** Nothing came back: the network is away, or the answer was not one of ours. */
export function noAnswer(): Problem {
  return new Problem(0, 'no_answer', '网络不通，您填的内容还在。请检查网络后再点一次。', true)
}

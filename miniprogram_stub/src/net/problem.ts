/** What went wrong with a call, as the pages draw it. */
import type { Fault, Reason, Screen, StepUp } from './shapes'

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
    /** The flow that has to be gone through first: a fresh look into the camera, or a consent that is missing. */
    readonly first: StepUp | null = null,
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
    flowBefore(body),
  )
}

function flowBefore(body: Record<string, unknown>): StepUp | null {
  const consent = body.consent as { flow: string } | undefined
  return (body.step_up as StepUp | undefined) ?? (consent ? { flow: consent.flow, answers: {} } : null)
}

/** Nothing came back: the network is away, or the answer was not one of ours. */
export function noAnswer(): Problem {
  return new Problem(0, 'no_answer', '网络不通，您填的内容还在。请检查网络后再点一次。', true)
}

/** A document could not be made; what the server said of it is not read, since it came as bytes. */
export function noDocument(): Problem {
  return new Problem(0, 'no_document', '没有下载成功。请过一会儿再点一次。', true)
}

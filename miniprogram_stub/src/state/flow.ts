/** One guided flow as the flow page holds it: the screen that the server drew and the answers typed so far. */
import { reactive } from 'vue'
import { put, read, remove, write } from '@/net/http'
import { writeIsOver } from '@/net/keys'
import { Problem } from '@/net/problem'
import type { Completion, Fault, Field, Reason, Screen } from '@/net/shapes'

export interface FlowState {
  name: string
  screen: Screen | null
  answers: Record<string, unknown>
  faults: Record<string, Fault>
  reasons: Reason[]
  /** What went wrong, in words for the person. */
  trouble: string
  busy: boolean
  completion: Completion | null
}

export function useFlow(name: string) {
  const state = reactive<FlowState>({
    name,
    screen: null,
    answers: {},
    faults: {},
    reasons: [],
    trouble: '',
    busy: false,
    completion: null,
  })

  const path = `/flows/${name}`

  /** Shows a screen with what was answered there before; what is being typed on the same step stays. */
  function show(screen: Screen): void {
    // Something is left to ask, so no completion is under way any more: the next one is another, with a key of its own.
    if (screen.step !== null) writeIsOver(`${path}/completion`)
    const typed = state.screen?.step === screen.step ? state.answers : {}
    state.screen = screen
    state.answers = Object.fromEntries(screen.fields.map((field) => [field.name, answerShown(field, typed)]))
    state.faults = Object.fromEntries(screen.fields.flatMap((field) => (field.error ? [[field.name, field.error]] : [])))
  }

  /** One thing at a time: a tap while the last one is under way does nothing. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    if (state.busy) return
    state.busy = true
    state.trouble = ''
    state.reasons = []
    try {
      await work()
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure
      if (failure.screen) show(failure.screen)
      state.faults = { ...state.faults, ...failure.fields }
      state.reasons = failure.reasons
      state.trouble = failure.detail
    } finally {
      state.busy = false
    }
  }

  const start = (answers: Record<string, unknown>) =>
    attempt(async () => show(await write<Screen>(path, Object.keys(answers).length ? { answers } : {})))

  const next = () =>
    attempt(async () => {
      if (!state.screen?.step) return
      const said = state.screen.fields.map((field) => [field.name, answerSent(field, state.answers[field.name])])
      show(await put<Screen>(`${path}/steps/${state.screen.step}`, { answers: Object.fromEntries(said.filter(([, value]) => value !== undefined)) }))
    })

  const back = (step: string) => attempt(async () => show(await read<Screen>(`${path}/steps/${step}`)))

  const complete = () =>
    attempt(async () => {
      state.completion = await write<Completion>(`${path}/completion`)
    })

  const giveUp = () => attempt(() => remove(path))

  return { state, start, next, back, complete, giveUp }
}

/** What was typed, even if that is nothing any more; a look into the camera counts only for the check that is on the screen. */
function answerShown(field: Field, typed: Record<string, unknown>): unknown {
  if (field.kind === 'real_person') return typed[field.name] === field.check?.id ? typed[field.name] : undefined
  return field.name in typed ? typed[field.name] : field.value
}

/** What is not told back when one returns: left empty, the earlier answer stands. */
const UNTOLD = ['secret', 'real_person']

/** What goes out for a field, if anything. One that need not be answered goes out empty too, so that what was cleared is gone. */
function answerSent(field: Field, answer: unknown): unknown {
  const isEmpty = answer === undefined || answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)
  if (isEmpty) return field.required || UNTOLD.includes(field.kind) ? undefined : null
  // What came masked is known already.
  const isMasked = answer === field.value && typeof answer === 'string' && answer.includes('*')
  return isMasked ? undefined : answer
}

/** One guided flow as the flow page holds it: the screen that the server drew and the answers typed so far. */
import { reactive } from 'vue'
import { put, read, remove, write } from '@/net/http'
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
    const sameStep = state.screen?.step === screen.step
    const typed = sameStep ? state.answers : {}
    state.screen = screen
    state.answers = Object.fromEntries(screen.fields.map((field) => [field.name, answerShown(field, typed[field.name])]))
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
      const step = state.screen?.step
      if (!step) return
      const given = Object.entries(state.answers).filter(([, value]) => isGiven(value))
      show(await put<Screen>(`${path}/steps/${step}`, { answers: Object.fromEntries(given) }))
    })

  const back = (step: string) => attempt(async () => show(await read<Screen>(`${path}/steps/${step}`)))

  const complete = () =>
    attempt(async () => {
      state.completion = await write<Completion>(`${path}/completion`)
    })

  const giveUp = () => attempt(() => remove(path))

  return { state, start, next, back, complete, giveUp }
}

/** A look into the camera counts only for the check that is on the screen. */
function answerShown(field: Field, typed: unknown): unknown {
  if (field.kind === 'real_person') return typed === field.check?.id ? typed : undefined
  return typed ?? field.value
}

/** A masked value came with its field and is not typed again; an empty answer is none. */
function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  if (typeof value === 'string' && value.includes('*')) return false
  return !(Array.isArray(value) && value.length === 0)
}

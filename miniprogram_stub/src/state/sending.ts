/** Something that is sent once: a second tap while it is under way does nothing, and what went wrong is said in words. */
import { ref } from 'vue'
import { Problem } from '@/net/problem'
import type { Fault } from '@/net/shapes'

export function useSending() {
  const busy = ref(false)
  const trouble = ref('')
  const faults = ref<Record<string, Fault>>({})

  async function send(work: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    trouble.value = ''
    faults.value = {}
    try {
      await work()
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      faults.value = problem.fields
      trouble.value = problem.reasons.map((one) => `${one.text}${one.next_step}`).join('') || problem.detail
    } finally {
      busy.value = false
    }
  }

  return { busy, trouble, faults, send }
}

/** What a page shows while it reads, when reading failed, and how it tries again. */
import { ref, type Ref } from 'vue'
import { Problem } from '@/net/problem'
import type { StepUp } from '@/net/shapes'

export interface Loading {
  waiting: Ref<boolean>
  failure: Ref<string>
  /** The flow that has to be gone through before this can be read, if that is what failed. */
  first: Ref<StepUp | null>
  load: () => Promise<void>
}

export function useLoading(work: () => Promise<void>): Loading {
  const waiting = ref(true)
  const failure = ref('')
  const first = ref<StepUp | null>(null)

  async function load(): Promise<void> {
    failure.value = ''
    first.value = null
    try {
      await work()
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      failure.value = problem.detail
      first.value = problem.first
    } finally {
      waiting.value = false
    }
  }

  return { waiting, failure, first, load }
}

/** What a page shows while it reads, when reading failed, and how it tries again. */
import { ref, type Ref } from 'vue'
import { Problem } from '@/net/problem'

export interface Loading {
  waiting: Ref<boolean>
  failure: Ref<string>
  load: () => Promise<void>
}

export function useLoading(work: () => Promise<void>): Loading {
  const waiting = ref(true)
  const failure = ref('')

  async function load(): Promise<void> {
    failure.value = ''
    try {
      await work()
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      failure.value = problem.detail
    } finally {
      waiting.value = false
    }
  }

  return { waiting, failure, load }
}

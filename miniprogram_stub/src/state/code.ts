/** A payment code on the screen: counted down, and exchanged for a fresh one without the picture vanishing in between. */
import { computed, onUnmounted, ref } from 'vue'
import { write } from '@/net/http'
import { Problem } from '@/net/problem'
import type { VoucherCode } from '@/net/shapes'
import { svgAddress } from '@/svg'

const TICK_MS = 1000
/** A fresh code is fetched this long before the old one ends, so that no till meets a dead one. */
const AHEAD_S = 5

export function useCode() {
  const code = ref<VoucherCode | null>(null)
  const trouble = ref<Problem | null>(null)
  const left_s = ref(0)
  let voucherId = ''
  let timer: ReturnType<typeof setInterval> | undefined
  let asking = false

  const picture = computed(() => (code.value ? svgAddress(code.value.qr_svg) : ''))

  async function fetchCode(): Promise<void> {
    if (asking || !voucherId) return
    asking = true
    const wanted = voucherId
    try {
      const fresh = await write<VoucherCode>(`/vouchers/${wanted}/codes`)
      // Somebody else's code was chosen meanwhile.
      if (wanted !== voucherId) return
      code.value = fresh
      left_s.value = fresh.ttl_s
      trouble.value = null
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      code.value = null
      trouble.value = problem
      stop()
    } finally {
      asking = false
    }
  }

  function tick(): void {
    left_s.value = Math.max(0, left_s.value - 1)
    if (left_s.value <= AHEAD_S) void fetchCode()
  }

  async function show(id: string): Promise<void> {
    stop()
    voucherId = id
    code.value = null
    await fetchCode()
    if (code.value) timer = setInterval(tick, TICK_MS)
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  onUnmounted(stop)

  return { code, picture, left_s, trouble, show, stop, refresh: () => show(voucherId) }
}

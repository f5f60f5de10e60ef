/** How this person reads: the elder mode, the size of its letters, and whether pages are read aloud. */
import { computed, reactive } from 'vue'

const KEPT = 'reading'
const PT_TO_PX = 4 / 3

export const SIZES_PT = [18, 21, 24, 27, 30] as const

interface Reading {
  elder: boolean
  size_pt: number
}

export const reading = reactive<Reading>({ elder: false, size_pt: 18 })

export function restoreReading(): void {
  const kept = uni.getStorageSync(KEPT) as Partial<Reading> | ''
  if (kept) Object.assign(reading, kept)
}

export function changeReading(change: Partial<Reading>): void {
  Object.assign(reading, change)
  uni.setStorageSync(KEPT, { ...reading })
}

/** The sizes that the style sheet works with; in the elder mode nothing is smaller than the body text. */
export const readingStyle = computed(() => {
  const text = reading.elder ? reading.size_pt * PT_TO_PX : 17
  const small = reading.elder ? text : 15
  return `--text:${text}px;--small:${small}px;--title:${Math.round(text * 1.3)}px;--target:${reading.elder ? 64 : 48}px`
})

/** Fen as people read them; the only place that prints yuan. */

export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(fen) / 100)
  const rest = String(Math.abs(fen) % 100).padStart(2, '0')
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

/** The fen in what somebody typed as yuan, or `null` where it is no amount. */
export function fen(typed: string): number | null {
  const amount = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.trim())
  if (!amount) return null
  return Number(amount[1]) * 100 + Number((amount[2] ?? '').padEnd(2, '0'))
}

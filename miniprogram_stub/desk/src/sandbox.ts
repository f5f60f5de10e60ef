/** Calls to the sandbox's face. */

export interface Person {
  id_number: string
  name: string
  about?: string
  region: string
}

export interface Institution {
  id: string
  name: string
  region: string
  kind: string
}

export interface Slip {
  settlement_id: string | null
  status: string
  bill_fen: number
  fund_fen: number
  own_fen: number
  cash_fen: number
  payers: { name_masked: string; paid_fen: number }[]
  reasons: { text: string; next_step: string; cashier_code: string }[]
}

export interface Trouble {
  detail?: string
  title?: string
  reasons?: Slip['reasons']
}

export class Refused extends Error {
  constructor(readonly trouble: Trouble) {
    super('refused')
  }
}

export async function ask<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(`/sandbox${path}`, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() } : {},
    body: body ? JSON.stringify(body) : undefined,
  })
  const told = await answer.json()
  if (!answer.ok) throw new Refused(told)
  return told
}

/** What a payment says of itself; figures that are not mine to see are not told. */
import { yuan } from '@/money'
import type { PaidRecord } from '@/net/shapes'

export function paidWords(record: PaidRecord): string {
  const parts = [
    record.fund_fen ? `统筹 ${yuan(record.fund_fen)}` : '',
    record.own_fen ? `本人账户 ${yuan(record.own_fen)}` : '',
    ...record.payers.map((payer) => `${payer.is_me ? '我的账户' : `${payer.name_masked}的账户`} ${yuan(payer.paid_fen)}`),
    record.cash_fen ? `现金 ${yuan(record.cash_fen)}` : '',
  ]
  return parts.filter(Boolean).join('，')
}

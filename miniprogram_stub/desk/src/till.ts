/** The till: scans, asks what would be paid, takes the money, gives it back. */
import { scanPhone } from './phone'
import { ask, Refused, type Institution, type Slip, type Trouble } from './sandbox'

const find = <E extends HTMLElement>(id: string) => document.querySelector<E>(`#${id}`)!
const KINDS: Record<string, string> = { hospital: '医院', primary_care: '基层', pharmacy: '药店', insurer: '保险' }
const MED_TYPES = [
  ['11', '普通门诊'],
  ['21', '住院'],
  ['41', '药店购药'],
  ['14', '门诊慢特病'],
]
const CATEGORIES = [
  ['covered', '医保范围内'],
  ['checkup', '健康体检'],
  ['fitness', '体育健身'],
  ['wellness', '养生保健'],
  ['public_health', '公共卫生'],
  ['other', '其他'],
]

let code = ''
let settlementId = ''

export async function setUpTill(): Promise<void> {
  const institutions = await ask<Institution[]>('/institutions')
  fill('institution', institutions.map((one) => [one.id, `${one.name}（${KINDS[one.kind] ?? one.kind}）`]))
  fill('med-type', MED_TYPES)
  fill('category', CATEGORIES)
  find('scan').onclick = scan
  find('presettle').onclick = () => charge('presettlements')
  find('settle').onclick = () => charge('settlements')
  find('refund').onclick = refund
}

function fill(id: string, options: string[][]): void {
  find<HTMLSelectElement>(id).replaceChildren(...options.map(([value, label]) => new Option(label, value)))
}

async function scan(): Promise<void> {
  code = (await scanPhone()) ?? ''
  find('scanned').textContent = code ? '读到了一个码。' : '手机上没有显示码，请在手机上打开医保码。'
  allow(code !== '')
}

function allow(charging: boolean): void {
  find<HTMLButtonElement>('presettle').disabled = find<HTMLButtonElement>('settle').disabled = !charging
}

async function charge(verb: 'presettlements' | 'settlements'): Promise<void> {
  const amountFen = Math.round(Number(find<HTMLInputElement>('amount').value) * 100)
  const category = find<HTMLSelectElement>('category').value
  const body = {
    credential: { kind: 'voucher', value: code },
    med_type: find<HTMLSelectElement>('med-type').value,
    items: [{ name: '演示项目', amount_fen: amountFen, category }],
    declares_mutual_aid: find<HTMLInputElement>('declares').checked,
  }
  await attempt(async () => {
    const slip = await ask<Slip>(`/tills/${institution()}/${verb}`, body)
    draw(slip)
    if (verb === 'presettlements') return
    settlementId = slip.settlement_id ?? ''
    find<HTMLButtonElement>('refund').disabled = !settlementId
    allow(false)
  })
}

async function refund(): Promise<void> {
  await attempt(async () => {
    const told = await ask<{ returned: { own_fen: number; cash_fen: number; payers: { name_masked: string; returned_fen: number }[] } }>(
      `/tills/${institution()}/refunds`,
      { settlement_id: settlementId },
    )
    const { own_fen, cash_fen, payers } = told.returned
    rows([['退回本人账户', own_fen], ...payers.map((one): Row => [`退回${one.name_masked}`, one.returned_fen]), ['退回现金', cash_fen]])
    find<HTMLButtonElement>('refund').disabled = true
  })
}

const institution = () => find<HTMLSelectElement>('institution').value

type Row = [string, number]

function draw(slip: Slip): void {
  rows([
    ['总费用', slip.bill_fen],
    ['统筹基金', slip.fund_fen],
    ['本人账户', slip.own_fen],
    ...slip.payers.map((one): Row => [`${one.name_masked} 共济支付`, one.paid_fen]),
    ['现金', slip.cash_fen],
  ])
  tell(slip)
}

function rows(lines: Row[]): void {
  const table = document.createElement('table')
  for (const [label, fen] of lines) {
    const row = table.insertRow()
    row.insertCell().textContent = label
    row.insertCell().textContent = `${(fen / 100).toFixed(2)} 元`
  }
  find('slip').replaceChildren(table)
}

function tell(trouble: Trouble): void {
  const lines = (trouble.reasons ?? []).map((one) => `${one.text}${one.next_step}（查询码 ${one.cashier_code}）`)
  const said = lines.length ? lines : trouble.detail ? [trouble.detail] : []
  find('slip').append(...said.map((line) => Object.assign(document.createElement('p'), { textContent: line })))
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (failure) {
    if (!(failure instanceof Refused)) throw failure
    find('slip').replaceChildren()
    tell(failure.trouble)
  }
}

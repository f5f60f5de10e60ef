/** The questions of an imagined payment, as fields like those of a flow. */
import type { Field, Institution, Relative } from '@/net/shapes'
import { relationWord } from '@/words'

// National codes of a visit (YB/T med_type); what each means in a city only the core knows.
const VISITS = [
  { value: '11', label: '普通门诊' },
  { value: '41', label: '药店买药' },
  { value: '21', label: '住院' },
  { value: '14', label: '门诊慢特病' },
]

/** Region codes begin with the province's digits, then the city's: the more of them two places share, the nearer they lie. */
function sharedDigits(one: string, other: string): number {
  const apart = [...one].findIndex((digit, at) => digit !== other[at])
  return apart < 0 ? one.length : apart
}

export function previewFields(members: Relative[], institutions: Institution[], home: string): Field[] {
  const people = members
    .filter((one) => one.status !== 'ended')
    .map((one) => ({ value: one.id, label: `${relationWord(one.relation)} ${one.name_masked}` }))
  const nearFirst = [...institutions].sort((one, other) => sharedDigits(other.region, home) - sharedDigits(one.region, home))
  const places = nearFirst.map((one) => ({ value: one.id, label: one.name }))
  return [
    { name: 'member', kind: 'choice', label: '谁看病买药', required: true, options: [{ value: 'self', label: '我自己' }, ...people], multiple: false },
    { name: 'institution', kind: 'choice', label: '在哪里', required: true, options: places, multiple: false },
    { name: 'med_type', kind: 'choice', label: '看什么', required: true, options: VISITS, multiple: false },
    { name: 'declares_mutual_aid', kind: 'confirm', label: '付钱之前会说“用家庭共济”', hint: '有的地方要先告诉收费人员，才会用家人的账户。', required: false },
    { name: 'amount_fen', kind: 'money', label: '医保报销以后，还要付多少', required: true },
  ]
}

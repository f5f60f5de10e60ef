/** How the client says the stable words of the public face. */

export const RELATIONS: Record<string, string> = {
  self: '本人',
  spouse: '配偶',
  father: '父亲',
  mother: '母亲',
  son: '儿子',
  daughter: '女儿',
  parent: '父母',
  child: '子女',
  older_brother: '哥哥',
  younger_brother: '弟弟',
  older_sister: '姐姐',
  younger_sister: '妹妹',
  grandfather: '祖父',
  grandmother: '祖母',
  maternal_grandfather: '外祖父',
  maternal_grandmother: '外祖母',
  grandson: '孙子',
  granddaughter: '孙女',
  daughters_son: '外孙',
  daughters_daughter: '外孙女',
}

export const RELATION_STATES: Record<string, string> = {
  under_review: '审核中',
  awaiting_acceptance: '等对方同意',
  not_yet_effective: '还没到生效日',
  active: '生效中',
  suspended: '已暂停',
  disputed: '有异议，已暂停',
  ended: '已解除',
}

export const VOUCHER_STATES: Record<string, string> = { active: '已激活', not_activated: '还没有激活', suspended: '已暂停' }

export const RECORD_STATES: Record<string, string> = {
  settled: '已支付',
  partly_refunded: '退了一部分',
  refunded: '已全部退回',
  disputed: '有异议，处理中',
}

export const CASE_STATES: Record<string, string> = { open: '正在核实', upheld: '认定有问题', dismissed: '没有发现问题' }

export const REPORT_KINDS: Record<string, string> = { code_stolen: '医保码被别人用了', fraud: '骗保、套现', other: '其他问题' }

export const REQUESTS_SENT: Record<string, string> = { leave: '请对方让您退出', raise_limit: '请对方调高额度' }

export const REQUESTS_RECEIVED: Record<string, string> = { leave: '想退出，不再用您的钱', raise_limit: '想请您调高额度' }

export const REQUEST_STATES: Record<string, string> = {
  sent: '等对方答复',
  done: '对方已经办了',
  declined: '对方这次没有答应',
  lapsed: '这份共济已经解除',
}

export const CHANNELS: Record<string, string> = {
  wechat: '微信小程序',
  alipay: '支付宝小程序',
  wechat_official: '微信公众号',
  sms: '短信',
}

export const relationWord = (relation: string | null): string => (relation === null ? '本人' : (RELATIONS[relation] ?? '家人'))

/** A moment as people read it: month, day and minute; the year only where it is not this one. */
export function momentWords(moment: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(moment) ?? []
  if (!year) return ''
  const thisYear = String(new Date().getFullYear()) === year
  return `${thisYear ? '' : `${year}年`}${Number(month)}月${Number(day)}日 ${time}`
}

export function dayWords(moment: string): string {
  return momentWords(moment).split(' ')[0]
}

/** Where a rule is written; what nobody wrote down, or nobody checked, is called so in people's words. */
export const sourceWords = (source: string): string => source.split('; ').map(onePlace).join('；')

function onePlace(told: string): string {
  const [, how, what] = /^(assumed|unverified): (.*)$/.exec(told) ?? []
  if (how === 'assumed') return `规定没有写明，这里这样理解：${what}`
  if (how === 'unverified') return `${what}，还没有核实`
  return told === 'unknown' ? '规定没有写明' : told
}

/** A day such as 2026-01-31 with its year, as one says it. */
export function dateWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

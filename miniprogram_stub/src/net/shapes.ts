/** Short names for the shapes of the public face; `face.d.ts` is generated from the BFF's own document. */
import type { components } from './face'

type Schemas = components['schemas']

export type Field = Schemas['Field']
export type Fault = Schemas['Fault']
export type Reason = Schemas['Reason']
export type Screen = Schemas['Screen']
export type Action = Schemas['Action']
export type Completion = Schemas['Completion']
export type FlowItem = Schemas['FlowItem']
export type Me = Schemas['Me']
export type Account = Schemas['Account']
export type Region = Schemas['Region']
export type RegionDetail = Schemas['RegionDetail']
export type Relative = Schemas['Relative']
export type PaidRecord = Schemas['Record']
export type Voucher = Schemas['Voucher']
export type VoucherCode = Schemas['VoucherCode']
export type SlipCode = Schemas['SlipCode']
export type VoucherList = Schemas['VoucherList']
export type Advice = Schemas['Advice']
export type StepUp = Schemas['StepUp']
export type Consent = Schemas['Consent']
export type Pledge = Schemas['Pledge']
export type Summary = Schemas['Summary']
export type Preview = Schemas['Preview']
export type Institution = Schemas['ContractedPlace']
export type Notice = Schemas['Notice']
export type NoticePreferences = Schemas['Choices']
export type Case = Schemas['Case']
export type Receipt = Schemas['Receipt']
export type KeptReport = Schemas['KeptReport']
export type PayerRequest = Schemas['PayerRequest']
export type SentRequest = Schemas['SentRequest']
export type SessionItem = Schemas['Session']

export interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}

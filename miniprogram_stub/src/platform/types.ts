/** What the pages may ask of the app that hosts them; one file per platform implements it. */

/** A real-person check as the BFF hands it over: WeChat's verify id, or Alipay's certify id with its address. */
export interface FaceCheck {
  id: string
  url?: string | null
}

/** How this platform gives away the person's phone number, or `none` where it cannot. */
export type PhoneButton = 'wechat' | 'alipay' | 'plain' | 'none'

export interface Speaker {
  say(text: string): void
  stop(): void
}

/** A photo on this phone: where it lies and, in a browser, the file itself. */
export interface Photo {
  path: string
  file?: File
}

export interface Platform {
  /** The name under which the BFF knows this way in. */
  channel(): string
  /** What stands before every path of the public face. */
  apiBase: string
  /** What a request says to be answered with bytes; the platforms do not agree. */
  asksForBytes: { responseType: 'arraybuffer' } | { dataType: 'arraybuffer' }
  /** A fresh one-time code to sign in with. */
  loginCode(): Promise<string>
  phoneButton: PhoneButton
  /** Only for a `plain` or `alipay` button: what the BFF redeems for the number. */
  phoneCode(): Promise<unknown>
  /** Opens the camera; says only that the person came back. Whether they passed, the BFF asks the platform itself. */
  showFace(check: FaceCheck): Promise<boolean>
  /** Asks to send messages with these templates; those that the person allowed. */
  askToNotify(templateIds: string[]): Promise<string[]>
  /** Lets the person take or choose photos, made small enough to send; none if they thought better of it. */
  choosePhotos(most: number): Promise<Photo[]>
  /** Shows a PDF, to be kept, printed or signed. */
  openDocument(bytes: ArrayBuffer, name: string): void
  /** Keeps a table for a spreadsheet; what is left to be done by a tap of the person, if anything. `null` where tables cannot be kept. */
  keepTable: ((bytes: ArrayBuffer, name: string) => (() => void) | null) | null
  /** `null` where the platform cannot read aloud. */
  speaker: Speaker | null
}

/** A platform's failure as an error; its own words are for the log of a developer, never for a person. */
export function asError(failure: { errMsg?: string; errorMessage?: string }): Error {
  return new Error(failure.errMsg ?? failure.errorMessage ?? 'the platform gave no reason')
}

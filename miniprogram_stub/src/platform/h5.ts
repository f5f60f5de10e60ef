/** The browser build that an official account opens: web sign-in, no camera of its own. */
import { keepDocument, keepTable } from './browser-document'
import { nameInnerControls } from './browser-names'
import { chooseFromBrowser } from './browser-photos'
import { browserSpeaker } from './browser-speech'
import type { Platform } from './types'

const STATE = 'sign-in-state'

/** Leaves for the platform's own page, which comes back with `code` and our `state` in the address. */
function leaveToSignIn(): Promise<string> {
  const state = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  sessionStorage.setItem(STATE, state)
  const back = encodeURIComponent(location.origin + location.pathname)
  const app = import.meta.env.VITE_OFFICIAL_APP_ID ?? ''
  location.href =
    `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${app}&redirect_uri=${back}` +
    `&response_type=code&scope=snsapi_base&state=${state}#wechat_redirect`
  return new Promise(() => undefined)
}

function codeBroughtBack(): string | null {
  const brought = new URLSearchParams(location.search)
  const state = sessionStorage.getItem(STATE)
  if (!brought.get('code') || !state || brought.get('state') !== state) return null
  sessionStorage.removeItem(STATE)
  return brought.get('code')
}

const platform: Platform = {
  channel: () => 'wechat_official',
  apiBase: '',
  asksForBytes: { responseType: 'arraybuffer' },
  loginCode: async () => codeBroughtBack() ?? leaveToSignIn(),
  phoneButton: 'none',
  phoneCode: () => Promise.reject(new Error('a web page is told no phone number')),
  showFace: async (check) => {
    if (!check.url) return false
    location.href = check.url
    return new Promise(() => undefined)
  },
  askToNotify: async () => [],
  choosePhotos: chooseFromBrowser,
  openDocument: keepDocument,
  keepTable,
  speaker: browserSpeaker(),
}

nameInnerControls()

export default platform

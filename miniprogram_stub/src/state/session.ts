/** Signing in, and coming back to where one was when a session has ended. */
import platform from '@platform'
import { ask, onSignedOut, read, remove } from '../net/http'
import type { Me } from '../net/shapes'
import { forgetToken, keepToken, keptToken } from './token'

const RETURN_TO = 'return-to'
const ENTRY = '/pages/entry/index'

export const isSignedIn = (): boolean => keptToken() !== ''

export async function signIn(): Promise<void> {
  const code = await platform.loginCode()
  const session = await ask<{ token: string }>('/sessions', { channel: platform.channel(), code })
  keepToken(session.token)
}

export async function signOut(): Promise<void> {
  await remove('/sessions/current').catch(() => undefined)
  forgetToken()
  uni.removeStorageSync(RETURN_TO)
  uni.reLaunch({ url: ENTRY })
}

export const me = (): Promise<Me> => read<Me>('/me')

/** Leads to the entry and remembers this page, so that signing in again returns to it. */
export function leadToEntryWhenSignedOut(): void {
  onSignedOut(() => {
    const here = currentAddress()
    if (here && !here.startsWith(ENTRY)) uni.setStorageSync(RETURN_TO, here)
    uni.reLaunch({ url: ENTRY })
  })
}

/** Where to go on after signing in. */
export function placeToReturnTo(otherwise: string): string {
  const kept = uni.getStorageSync(RETURN_TO) as string
  uni.removeStorageSync(RETURN_TO)
  return kept || otherwise
}

function currentAddress(): string {
  const pages = getCurrentPages()
  const page = pages[pages.length - 1] as unknown as { route?: string; options?: Record<string, string> } | undefined
  if (!page?.route) return ''
  const query = Object.entries(page.options ?? {}).map(([name, value]) => `${name}=${value}`)
  return `/${page.route}${query.length ? `?${query.join('&')}` : ''}`
}

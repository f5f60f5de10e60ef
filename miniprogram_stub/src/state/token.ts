/** The token of the session, the only thing that proves who holds this phone. */

const TOKEN = 'token'

export function keptToken(): string {
  return uni.getStorageSync(TOKEN) || ''
}

export function keepToken(token: string): void {
  uni.setStorageSync(TOKEN, token)
}

export function forgetToken(): void {
  uni.removeStorageSync(TOKEN)
}

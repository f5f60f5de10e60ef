/** The key of a write in flight: kept before the write is sent, so that a second tap or a restart repeats it and adds nothing. */

const SHELF = 'writes-in-flight'

interface Kept {
  key: string
  body: string
}

function shelf(): Record<string, Kept> {
  return (uni.getStorageSync(SHELF) || {}) as Record<string, Kept>
}

/** The key under which this write goes out; the same one as long as the same body is not answered. */
export function keyOfWrite(path: string, body: object): string {
  const kept = shelf()
  const print = fingerprint(JSON.stringify(body))
  const known = kept[path]
  if (known && known.body === print) return known.key
  const key = freshKey()
  uni.setStorageSync(SHELF, { ...kept, [path]: { key, body: print } })
  return key
}

export function writeIsOver(path: string): void {
  const kept = shelf()
  delete kept[path]
  uni.setStorageSync(SHELF, kept)
}

/** Tells two bodies apart without keeping what they say; a key is no secret and needs no more than to be new. */
function fingerprint(text: string): string {
  let hash = 5381
  for (let at = 0; at < text.length; at += 1) hash = ((hash * 33) ^ text.charCodeAt(at)) >>> 0
  return `${text.length}-${hash.toString(36)}`
}

function freshKey(): string {
  const random = () => Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, '0')
  return `${Date.now().toString(16)}-${random()}${random()}${random()}`
}

/** The one file that talks to the network. */
import platform from '@platform'
import type { Photo } from '@/platform/types'
import { keyOfWrite, writeIsOver } from './keys'
import { asProblem, noAnswer, noDocument, Problem } from './problem'
import { forgetToken, keptToken, keepToken } from '../state/token'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const PREFIX = '/api/v1'
const TIMEOUT_MS = 20_000
const ALIPAY_HTTP_STATUS = 19

interface Told {
  statusCode: number
  data: unknown
}

/** Called once a session has ended, so that the person is led to sign in and back again. */
let whenSignedOut: () => void = () => undefined

export function onSignedOut(then: () => void): void {
  whenSignedOut = then
}

export const read = <T>(path: string): Promise<T> => send<T>('GET', path)

export const put = <T>(path: string, body: object): Promise<T> => send<T>('PUT', path, body)

export const remove = (path: string): Promise<void> => send<void>('DELETE', path)

/** A POST that may be repeated without a key: it changes nothing that counts. */
export const ask = <T>(path: string, body: object): Promise<T> => send<T>('POST', path, body)

/** A POST with effect. Its key is kept before it is sent and lives until the write is answered for good. */
export async function write<T>(path: string, body: object = {}): Promise<T> {
  const key = keyOfWrite(path, body)
  try {
    const answer = await send<T>('POST', path, body, { 'Idempotency-Key': key })
    writeIsOver(path)
    return answer
  } catch (failure) {
    if (failure instanceof Problem && !failure.mayHaveBeenDone) writeIsOver(path)
    throw failure
  }
}

async function send<T>(method: Method, path: string, body?: object, more: Record<string, string> = {}): Promise<T> {
  const told = await request(method, path, body, more)
  const data = (told.data ?? {}) as Record<string, unknown>
  const failed = told.statusCode >= 400 || (typeof data.code === 'string' && Number(data.status) >= 400)
  if (!failed) {
    if (typeof data.token === 'string') keepToken(data.token)
    return data as T
  }
  if (typeof data.code !== 'string') throw noAnswer()
  const problem = asProblem(data)
  if (problem.status === 401) sessionIsOver()
  throw problem
}

function sessionIsOver(): void {
  if (!keptToken()) return
  forgetToken()
  whenSignedOut()
}

/** Alipay hands every status of 400 and more to `fail`, so the server is asked to send problems as 200. */
function request(method: Method, path: string, body: object | undefined, more: Record<string, string>): Promise<Told> {
  const token = keptToken()
  const header: Record<string, string> = { 'Content-Type': 'application/json', 'X-Problem-Status': '200', ...more }
  if (token) header.Authorization = `Bearer ${token}`
  return new Promise((resolve, reject) => {
    uni.request({
      url: platform.apiBase + PREFIX + path,
      method,
      header,
      timeout: TIMEOUT_MS,
      // Without a body some platforms would put an object into the address.
      data: method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(body ?? {}),
      success: (told) => resolve(told as unknown as Told),
      fail: () => reject(noAnswer()),
    })
  })
}

/** The bytes of a document that the server makes for this person; `href` is a whole path of the public face. */
export function download(href: string): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: platform.apiBase + href,
      header: { Authorization: `Bearer ${keptToken()}` },
      ...platform.asksForBytes,
      timeout: TIMEOUT_MS,
      success: (told) => {
        if (told.statusCode < 300) return resolve(told.data as ArrayBuffer)
        if (told.statusCode === 401) sessionIsOver()
        reject(noDocument())
      },
      // Where Alipay calls an answer of 400 and more a failure, it says so by this number.
      fail: (told) => reject((told as { error?: number }).error === ALIPAY_HTTP_STATUS ? noDocument() : noAnswer()),
    })
  })
}

/** Sends one photo; `onProgress` is told how much of it has gone, in percent. */
export function upload(photo: Photo, onProgress: (percent: number) => void): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: `${platform.apiBase}${PREFIX}/uploads`,
      filePath: photo.path,
      file: photo.file,
      name: 'file',
      header: { 'X-Problem-Status': '200', Authorization: `Bearer ${keptToken()}` },
      success: (told) => {
        const data = parsed(told.data)
        if (typeof data.id === 'string') resolve({ id: data.id })
        else reject(typeof data.code === 'string' ? asProblem(data) : noAnswer())
      },
      fail: () => reject(noAnswer()),
    })
    task?.onProgressUpdate?.((progress) => onProgress(progress.progress))
  })
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** The WeChat mini-program. */
import { chooseFromApp } from './app-photos'
import { asError, type Platform } from './types'

function openFromStorage(bytes: ArrayBuffer, name: string): void {
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  wx.getFileSystemManager().writeFileSync(filePath, bytes, 'binary')
  wx.openDocument({ filePath, fileType: 'pdf', showMenu: true })
}

/** WeChat opens no CSV, but hands files on to a chat, and that only upon a tap. */
function handOn(bytes: ArrayBuffer, name: string): () => void {
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  wx.getFileSystemManager().writeFileSync(filePath, bytes, 'binary')
  return () => wx.shareFileMessage({ filePath, fileName: name })
}

const platform: Platform = {
  channel: () => 'wechat',
  apiBase: import.meta.env.VITE_BFF || 'https://bff.example.invalid',
  asksForBytes: { responseType: 'arraybuffer' },
  loginCode: () =>
    new Promise((resolve, reject) => {
      wx.login({ success: (told) => resolve(told.code), fail: (failure) => reject(asError(failure)) })
    }),
  phoneButton: 'wechat',
  phoneCode: () => Promise.reject(new Error('the phone code comes from the button itself')),
  showFace: (check) =>
    new Promise((resolve) => {
      wx.requestFacialVerify({ verifyId: check.id, success: () => resolve(true), fail: () => resolve(false) })
    }),
  askToNotify: (templateIds) =>
    new Promise((resolve) => {
      wx.requestSubscribeMessage({
        tmplIds: templateIds,
        success: (told) => resolve(templateIds.filter((id) => told[id] === 'accept')),
        fail: () => resolve([]),
      })
    }),
  choosePhotos: chooseFromApp,
  openDocument: openFromStorage,
  keepTable: handOn,
  speaker: null,
}

export default platform

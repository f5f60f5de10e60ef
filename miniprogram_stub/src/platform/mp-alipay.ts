/** The Alipay mini-program. */
import { chooseFromApp } from './app-photos'
import { asError, type Platform } from './types'

function openFromStorage(bytes: ArrayBuffer, name: string): void {
  const filePath = `${my.env.USER_DATA_PATH}/${name}`
  my.getFileSystemManager().writeFile({
    filePath,
    data: bytes,
    success: () => my.openDocument({ filePath, fileType: 'pdf' }),
  })
}

const platform: Platform = {
  channel: () => 'alipay',
  apiBase: import.meta.env.VITE_BFF || 'https://bff.example.invalid',
  asksForBytes: { dataType: 'arraybuffer' },
  loginCode: () =>
    new Promise((resolve, reject) => {
      my.getAuthCode({
        scopes: 'auth_base',
        success: (told) => resolve(told.authCode),
        fail: (failure) => reject(asError(failure)),
      })
    }),
  phoneButton: 'alipay',
  phoneCode: () =>
    new Promise((resolve, reject) => {
      my.getPhoneNumber({
        success: (told: { response: string }) => resolve(JSON.parse(told.response)),
        fail: (failure: { errorMessage?: string }) => reject(asError(failure)),
      })
    }),
  showFace: (check) =>
    new Promise((resolve) => {
      my.startAPVerify({
        certifyId: check.id,
        url: check.url ?? '',
        success: (told) => resolve(told.resultStatus === '9000'),
        fail: () => resolve(false),
      })
    }),
  askToNotify: (templateIds) =>
    new Promise((resolve) => {
      my.requestSubscribeMessage({
        entityIds: templateIds,
        success: (told) => resolve(told.result?.subscribedEntityIds ?? []),
        fail: () => resolve([]),
      })
    }),
  choosePhotos: chooseFromApp,
  openDocument: openFromStorage,
  // It opens PDFs only, and hands no file on.
  keepTable: null,
  speaker: null,
}

export default platform

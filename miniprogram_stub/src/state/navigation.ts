/** Ways from page to page. */

export function openFlow(name: string, answers: Record<string, unknown> = {}): void {
  const preset = Object.keys(answers).length ? `&answers=${encodeURIComponent(JSON.stringify(answers))}` : ''
  uni.navigateTo({ url: `/pages/flow/index?name=${name}${preset}` })
}

export const openPage = (name: string, query = ''): void => {
  uni.navigateTo({ url: `/pages/${name}/index${query ? `?${query}` : ''}` })
}

export const goHome = (): void => {
  uni.reLaunch({ url: '/pages/home/index' })
}

/** Photos in a mini-program: the app that hosts it makes them smaller itself. */
import type { Photo } from './types'

export function chooseFromApp(most: number): Promise<Photo[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      // No app hands over more at once.
      count: Math.min(most, 9),
      sizeType: ['compressed'],
      success: (chosen) => resolve([chosen.tempFilePaths].flat().map((path) => ({ path }))),
      fail: () => resolve([]),
    })
  })
}

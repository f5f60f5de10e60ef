// One ordinary TypeScript file per platform, chosen when building: no conditional compilation in the pages.
import { resolve } from 'path'
import { defineConfig } from 'vite'
import uni from '@dcloudio/vite-plugin-uni'

const developer = process.env.CLIENT_WORLD === 'developer' ? '-developer' : ''
const platform = `${process.env.UNI_PLATFORM}${developer}`

export default defineConfig({
  plugins: [uni()],
  resolve: {
    alias: {
      '@platform': resolve(__dirname, `src/platform/${platform}.ts`),
      '@': resolve(__dirname, 'src'),
    },
  },
})

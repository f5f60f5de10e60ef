// The desk is a plain page of its own and no part of the client.
import { resolve } from 'path'
import { defineConfig } from 'vite'

export default defineConfig({
  root: __dirname,
  base: './',
  build: { outDir: resolve(__dirname, '../dist/build/desk'), emptyOutDir: true, assetsDir: 'desk' },
})

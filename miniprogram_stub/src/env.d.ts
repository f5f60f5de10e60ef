/// <reference types="vite/client" />
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

interface ImportMetaEnv {
  /** Where the BFF answers; empty in a browser build, which is served beside it. */
  readonly VITE_BFF?: string
  /** The official account whose web sign-in the browser build uses. */
  readonly VITE_OFFICIAL_APP_ID?: string
}

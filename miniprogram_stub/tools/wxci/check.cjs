// WeChat's own compiler over the built mini-program, without a network, an appid or a key: schema of the pages, scripts, size.
const { resolve } = require('path')
const ci = require('miniprogram-ci')

const MB = 1024 * 1024
const LIMITS = {
  MaxCodeSize: 2 * MB,
  MaxSubpackageSubCodeSize: 2 * MB,
  MaxSubpackageFullCodeSize: 20 * MB,
  NavigateMiniprogramLimit: 10,
  MaxSubPackageLimit: 100,
  MinTabbarCount: 2,
  MaxTabbarCount: 5,
  MaxCustomTabbarCount: 5,
  MaxTabbarIconSize: 40,
}

const place = resolve(__dirname, '..', '..', 'dist', 'build', 'mp-weixin')
const project = new ci.Project({ appid: 'wx0123456789abcdef', type: 'miniProgram', projectPath: place, privateKey: 'none', ignores: [] })
// Asked of WeChat's servers otherwise.
project.attr = async () => ({ platform: false, appType: 0, isSandbox: false, released: false, setting: LIMITS })

ci.getCompiledResult({ project, desc: 'check', version: '0.0.1', setting: { es6: true, minify: false } }).then(
  (files) => {
    const bytes = Object.values(files).reduce((sum, file) => sum + file.length, 0)
    console.log(`WeChat's compiler: ${Object.keys(files).length} files, ${bytes} bytes`)
    // Its workers would stay.
    process.exit(0)
  },
  (failure) => {
    console.error(failure.message ?? failure)
    process.exit(1)
  },
)

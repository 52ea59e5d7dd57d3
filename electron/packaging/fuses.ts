import path from 'node:path'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'

/** What electron-builder hands a hook, as far as it is read here. */
interface PackContext {
  readonly appOutDir: string
  readonly electronPlatformName: string
  readonly packager: {
    readonly executableName?: string
    readonly appInfo: { readonly productFilename: string }
    readonly config: { readonly electronFuses?: Readonly<Record<string, boolean | null | undefined>> | null }
  }
}

/**
 * Sets every fuse of the Electron that is being packaged, right before it is signed: those of electron-builder.yml, and the one
 * electron-builder has no name for. Throws when Electron has a fuse that nobody decided on, so that a new Electron does not ship with
 * somebody else's choice.
 */
export default async function setFuses({ appOutDir, electronPlatformName, packager }: PackContext): Promise<void> {
  const wanted = packager.config.electronFuses ?? {}
  const fuse = (name: string): boolean => {
    const value = wanted[name]
    if (typeof value !== 'boolean') throw new Error(`electron-builder.yml does not say what ${name} is to be`)
    return value
  }
  const isMac = electronPlatformName === 'darwin'
  const name = isMac
    ? `${packager.appInfo.productFilename}.app`
    : electronPlatformName === 'win32'
      ? `${packager.appInfo.productFilename}.exe`
      : (packager.executableName ?? '')
  await flipFuses(path.join(appOutDir, name), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Only a Mac can sign again, and only an Apple processor asks for it before the real signature is there.
    resetAdHocDarwinSignature: isMac && process.platform === 'darwin',
    [FuseV1Options.RunAsNode]: fuse('runAsNode'),
    [FuseV1Options.EnableCookieEncryption]: fuse('enableCookieEncryption'),
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: fuse('enableNodeOptionsEnvironmentVariable'),
    [FuseV1Options.EnableNodeCliInspectArguments]: fuse('enableNodeCliInspectArguments'),
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: fuse('enableEmbeddedAsarIntegrityValidation'),
    [FuseV1Options.OnlyLoadAppFromAsar]: fuse('onlyLoadAppFromAsar'),
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: fuse('loadBrowserProcessSpecificV8Snapshot'),
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: fuse('grantFileProtocolExtraPrivileges'),
    [FuseV1Options.WasmTrapHandlers]: true,
  })
}

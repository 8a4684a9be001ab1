/** The npm package that holds Goose for a platform, named as npm names platforms. */
export function goosePackage(platform: string = process.platform, arch: string = process.arch): string {
  return `@aaif/goose-binary-${platform}-${arch}`;
}

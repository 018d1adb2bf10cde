/** A Homebrew formula for the executables of a release, made from their checksums. */

import { ReleaseError } from "./attempt.ts";
import { fileOf, type Target, TARGETS } from "./targets.ts";

/** EX_USAGE and EX_DATAERR of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_DATA = 65;

export interface Release {
  /** Where it is published: OWNER/NAME of GitHub. */
  readonly repository: string;
  readonly version: string;
  /** What sha256sum wrote about its executables, and the file's name in messages. */
  readonly sums: string;
  readonly sumsName: string;
}

/** The text of ocmem.rb. Throws a ReleaseError. */
export function formulaOf({ repository, version, sums, sumsName }: Release): string {
  // Both stand between quotes in a program: nothing that Ruby would run gets past these.
  if (!/^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}\/[\w.-]{1,100}$/.test(repository)) {
    const given = JSON.stringify(repository);
    throw new ReleaseError(
      `Cannot make a formula: --repository is OWNER/NAME, not ${given}`,
      EXIT_USAGE,
    );
  }
  if (!/^\d+\.\d+\.\d+(?:-[\dA-Za-z.-]+)?$/.test(version)) {
    const given = JSON.stringify(version);
    throw new ReleaseError(`Cannot make a formula: a version is 1.2.3, not ${given}`, EXIT_USAGE);
  }
  const hashes = checksumsIn(sums, sumsName);
  const home = `https://github.com/${repository}`;
  const place = (target: Target) => {
    const file = fileOf(target);
    const hash = hashes.get(file);
    if (hash === undefined) {
      const missing = `Cannot make a formula: ${sumsName} has no checksum of ${file}`;
      throw new ReleaseError(`${missing}. It has to name all executables of a release`, EXIT_DATA);
    }
    return `    on_${target.arch === "aarch64" ? "arm" : "intel"} do
      url "${home}/releases/download/v${version}/${file}"
      sha256 "${hash}"
    end
`;
  };
  const places = (os: Target["os"]) =>
    TARGETS.filter((one) => one.os === os).toSorted(byArch).map(place).join("");
  return `# Made by release/formula.ts, from the checksums of the release.
class Ocmem < Formula
  desc "Health check for OpenCode: the memory that its processes really hold"
  homepage "${home}"
  version "${version}"
  license "MIT"

  on_macos do
${places("darwin")}  end

  on_linux do
${places("linux")}  end

  def install
    # What is downloaded is the executable itself, under its platform's name, and not executable yet.
    bin.install Dir["ocmem-*"].first => "ocmem"
    chmod 0755, bin/"ocmem"
    generate_completions_from_executable(bin/"ocmem", "completions", shells: [:bash, :zsh, :fish])
    (man1/"ocmem.1").write Utils.safe_popen_read(bin/"ocmem", "man")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ocmem --version")
  end
end
`;
}

/** `on_arm` before `on_intel`, as Homebrew writes it. */
function byArch(a: Target, b: Target): number {
  return a.arch < b.arch ? -1 : 1;
}

/** The lines of sha256sum, by name. Throws a ReleaseError. */
export function checksumsIn(sums: string, sumsName: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const [index, line] of sums.replace(/\n$/, "").split("\n").entries()) {
    const where = `Cannot read line ${index + 1} of ${sumsName}`;
    const [, hash, name] = /^([\da-f]{64}) {2}([^\s/]+)$/.exec(line) ?? [];
    if (hash === undefined || name === undefined) {
      const expected = "expected 64 lowercase hex digits, two spaces and a file's name";
      throw new ReleaseError(`${where}: ${expected}, as sha256sum writes them`, EXIT_DATA);
    }
    if (hashes.has(name)) throw new ReleaseError(`${where}: ${name} stands there twice`, EXIT_DATA);
    hashes.set(name, hash);
  }
  return hashes;
}

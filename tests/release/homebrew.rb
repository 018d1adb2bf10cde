# What a formula says to Homebrew, and does when it is installed: ruby homebrew.rb FORMULA OS ARCH PREFIX,
# in the folder that holds what it downloads. Prints JSON. A stand-in for the parts of Homebrew's Formula
# that are used, and nothing else: what a formula says besides is an error.

require "fileutils"
require "json"
require "pathname"

FORMULA, OS, ARCH, PREFIX = ARGV
SAID = Hash.new { |said, word| said[word] = [] }

class Pathname
  # In Homebrew this moves, without a change of modes, and makes the folder first.
  def install(names)
    mkpath
    names.each { |from, to| FileUtils.mv(from, self / to) }
  end

  alias plain_write write
  def write(text)
    dirname.mkpath
    plain_write(text)
  end
end

module Utils
  def self.safe_popen_read(*words)
    output = IO.popen(words.map(&:to_s), &:read)
    raise "#{words.join(" ")} failed" unless $?.success?

    output
  end
end

class Formula
  include FileUtils

  %w[desc homepage version license url sha256].each do |word|
    define_singleton_method(word) { |value| SAID[word] << value }
  end
  { on_macos: OS == "macos", on_linux: OS == "linux" }
    .merge(on_arm: ARCH == "arm", on_intel: ARCH == "intel")
    .each { |word, holds| define_singleton_method(word) { |&block| block.call if holds } }

  def self.test(&block)
    define_method(:test, &block)
  end

  def bin
    Pathname(PREFIX) / "bin"
  end

  def man1
    Pathname(PREFIX) / "share/man/man1"
  end

  def version
    SAID["version"].first
  end

  def generate_completions_from_executable(*words, shells:)
    shells.each { |shell| SAID["completions"] << Utils.safe_popen_read(*words, shell) }
  end

  def shell_output(command)
    Utils.safe_popen_read("sh", "-c", command)
  end

  def assert_match(wanted, text)
    raise "#{text.chomp} is not #{wanted}" unless text.include?(wanted)
  end
end

load FORMULA
Ocmem.new.install
Ocmem.new.test
puts JSON.generate(SAID)

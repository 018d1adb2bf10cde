/** Completion for fish. */

import { script } from "./script_text.ts";

export const FISH = script`# Completion of ocmem's command lines for fish:
# ocmem completions fish > ~/.config/fish/completions/ocmem.fish

function __ocmem_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    if string match -q '~/*' -- "$program"
        set program $HOME/(string sub -s 3 -- "$program")
    end
    set -e words[1]
    set -l lines ($program complete -- $words "$current" 2>/dev/null)
    if test "$lines" != :files
        printf '%s\n' $lines
        return
    end
    # Of --output=file the file alone is completed.
    set -l attached (string match -r '^--[^=]+=' -- "$current")
    for line in (__fish_complete_path (string replace -r '^--[^=]+=' '' -- "$current"))
        printf '%s\n' "$attached$line"
    end
end

complete -c ocmem -e
complete -c ocmem -k -f -a '(__ocmem_complete)'
`;

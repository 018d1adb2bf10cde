/** Completion for zsh: evaluated, or as a file of its own in a folder of fpath. */

import { script } from "./script_text.ts";

export const ZSH = script`#compdef ocmem
# Completion of ocmem's command lines for zsh. In ~/.zshrc, behind compinit:
# eval "$(ocmem completions zsh)"; or this text as the file _ocmem in a folder of fpath.

_ocmem() {
  local program="\${(Q)words[1]}" line value description tab=$'\t'
  local -a before lines items
  [[ $program != '~/'* ]] || program="$HOME/\${program[3,-1]}"
  before=("\${(@Q)words[2,CURRENT-1]}")
  lines=(\${(f)"$("$program" complete -- "\${before[@]}" "\${(Q)PREFIX}" 2>/dev/null)"})
  # Of --format=json the value alone is completed.
  [[ $PREFIX != --*=* ]] || compset -P 1 '*='
  if [[ "\${lines[1]}" == :files ]]; then
    _files
    return
  fi
  for line in "\${lines[@]}"; do
    value="\${\${line%%$tab*}#--*=}" description="\${line#*$tab}"
    # A backslash hides what follows it, from the colon between the two above all.
    value="\${\${value//\\/\\\\}//:/\\:}"
    items+=("$value\${description:+:\${description//\\/\\\\}}")
  done
  _describe -V -t arguments argument items
}

# A file of fpath is itself the function that it defines.
if [[ "\${funcstack[1]-}" == _ocmem ]]; then
  _ocmem "$@"
elif (( \${+functions[compdef]} )); then
  compdef _ocmem ocmem
else
  print -u2 "ocmem: Cannot complete in zsh: put autoload -Uz compinit && compinit before this"
fi
`;

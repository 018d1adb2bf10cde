/**
 * Completion for bash 3.2, which macOS ships, and newer. Readline's words (COMP_WORDS) break at `=` and
 * `:` too, differently in each version and by the user's choice: the script reads the line itself.
 * Nothing it reads is ever expanded.
 */

import { script } from "./script_text.ts";

/** Descriptions show in lists only (COMP_TYPE 33, 63, 64): anywhere else readline would insert them. */
export const BASH = script`# Completion of ocmem's command lines for bash 3.2 and newer.
# In ~/.bashrc: eval "$(ocmem completions bash)"

_ocmem() {
  local line="\${COMP_LINE:0:COMP_POINT}" part="\${2-}" word= quote= begun= target= character i
  local -a words
  words=()
  for ((i = 0; i < \${#line}; i++)); do
    character=\${line:i:1}
    case $quote$character in
      \' | \") quote=$character begun=1 ;;
      \'\' | \"\") quote= ;;
      \\ | \"\\)
        i=$((i + 1))
        word+=\${line:i:1} begun=1
        ;;
      ' ' | $'\t' | $'\n')
        [[ -z $begun || -n $target ]] || words+=("$word")
        [[ -z $begun ]] || target=
        word= begun=
        ;;
      '<' | '>')
        # The file of a redirection is no word, nor is the descriptor before it.
        [[ -z $begun || -n $target || $word != *[!0-9\&]* ]] || words+=("$word")
        target=1 word= begun=
        ;;
      *) word+=$character begun=1 ;;
    esac
  done

  COMPREPLY=()
  [[ -z $target && \${#words[@]} -gt 0 ]] || return 0
  local program="\${words[0]}" reply
  [[ $program != '~/'* ]] || program=$HOME/\${program:2}
  words[0]=--
  reply=$("$program" complete "\${words[@]}" "$word" 2>/dev/null)
  # With nothing to propose, bash completes files: see the last line.
  [[ $reply != :files ]] || return 0
  # Not in bash 3.2, which completes files then too.
  compopt +o default 2>/dev/null
  compopt -o nosort 2>/dev/null

  # Readline replaces what stands behind the last break, not the whole word.
  local before= value description width=0
  [[ $word != *"$part" ]] || before=\${word:0:\${#word}-\${#part}}
  local -a descriptions
  descriptions=()
  while IFS=$'\t' read -r value description; do
    [[ -n $value && $value == "$word"* ]] || continue
    value=\${value:\${#before}}
    COMPREPLY+=("$value")
    descriptions+=("$description")
    [[ \${#value} -le width ]] || width=\${#value}
  done <<<"$reply"

  # Only a list has room for descriptions: anything else is inserted.
  case \${COMP_TYPE-} in 33 | 63 | 64) ;; *) return 0 ;; esac
  [[ \${#COMPREPLY[@]} -gt 1 ]] || return 0
  for i in "\${!COMPREPLY[@]}"; do
    [[ -n \${descriptions[i]} ]] || continue
    printf -v line "%-\${width}s  -- %s" "\${COMPREPLY[i]}" "\${descriptions[i]}"
    COMPREPLY[i]=\${line:0:\${COLUMNS:-80}-1}
  done
}

complete -o default -F _ocmem ocmem
`;

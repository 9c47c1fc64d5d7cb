import { COMMAND_TABLE, type CommandEntry } from './command-table.js'

/** The shells that `hbsim completion` knows. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

const COMMANDS: readonly [string, CommandEntry][] = Object.entries(COMMAND_TABLE)
/** What comes after these is a file, a folder, or nothing that could be guessed. */
const SITE = 'site'
const OUT = 'out'

/**
 * A script for `shell` that completes commands, options, `scenarios`, files and, for `explain`,
 * `words`. It names them all itself: no process is started to complete a word.
 */
export function completionScript(
  shell: (typeof SHELLS)[number],
  scenarios: readonly string[],
  words: readonly string[],
): string {
  const names: Names = {
    scenarios,
    shells: SHELLS,
    // What a shell would take apart cannot be completed.
    words: [...new Set(words)].filter((word) => /^[\w.-]+$/.test(word)),
    nothing: [],
  }
  return { bash, zsh, fish }[shell](names)
}

type Names = Readonly<Record<CommandEntry['takes'], readonly string[]>>

function bash(names: Names): string {
  const cases = COMMANDS.map(([name, { takes, options }]) => {
    const files = takes === 'scenarios' ? "; files='*.@(yaml|yml|json)'" : ''
    return `    ${name}) options='${flags(options)}'; words='${names[takes].join(' ')}'${files} ;;`
  })
  return `# Completes hbsim in bash. In ~/.bashrc: source <(hbsim completion bash)
_hbsim() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local words='' options='' files='' IFS=$' \\t\\n'
  # In --site=FILE the shell takes the sign for a word.
  [[ $word == '=' ]] && word='' && before="=$before"
  [[ $before == '=' ]] && before=\${COMP_WORDS[COMP_CWORD-2]}
  before=\${before#=}
  COMPREPLY=()
  case $before in
    --${SITE}) files='*.xml' ;;
    --${OUT}) files=/ ;;
    ${valued().join('|')}) return ;;
    *)
      if ((COMP_CWORD == 1)); then
        words='${COMMANDS.map(([name]) => name).join(' ')} help' options='--help --version'
      else
        case \${COMP_WORDS[1]} in
${indented(cases, 4)}
        help) words='${COMMANDS.map(([name]) => name).join(' ')}' ;;
        esac
      fi
      ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ -n $files ]]; then
    local IFS=$'\\n' path
    shopt -q extglob || { shopt -s extglob; local glob=off; }
    for path in $(compgen -f -- "$word"); do
      if [[ -d $path ]] || [[ $files != / && $path == $files ]]; then COMPREPLY+=("$path"); fi
    done
    [[ -n \${glob-} ]] && shopt -u extglob
  fi
}
complete -o filenames -F _hbsim hbsim
`
}

function zsh(names: Names): string {
  const cases = COMMANDS.map(([name, { takes, options }]) => {
    const described = Object.entries(options).map(([option, { describe }]) =>
      zshWord(`--${option}:${describe}`),
    )
    const files = takes === 'scenarios' ? "; files='*.(yaml|yml|json)'" : ''
    return [
      `    ${name})`,
      `      options=(${described.join(' ')} ${zshWord('--help:show help')})`,
      `      names=(${names[takes].join(' ')})${files} ;;`,
    ].join('\n')
  })
  const commands = COMMANDS.map(([name, { describe }]) => zshWord(`${name}:${describe}`))
  return `#compdef hbsim
# Completes hbsim in zsh. In ~/.zshrc, after compinit: source <(hbsim completion zsh)
_hbsim() {
  local -a commands options names
  local files=''
  commands=(${commands.join(' ')})
  case \${words[CURRENT-1]} in
    --${SITE}) _files -g '*.xml'; return ;;
    --${OUT}) _files -/; return ;;
    ${valued().join('|')}) return ;;
  esac
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case \${words[2]} in
${cases.join('\n')}
    help) _describe command commands; return ;;
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    ((\${#names})) && compadd -a names
    [[ -n $files ]] && _files -g "$files"
  fi
}
compdef _hbsim hbsim
`
}

function fish(names: Names): string {
  const lines = ['# Completes hbsim in fish. In config.fish: hbsim completion fish | source']
  lines.push('complete -c hbsim -f')
  for (const [name, { describe, takes, options }] of COMMANDS) {
    const within = `-n '__fish_seen_subcommand_from ${name}'`
    lines.push(
      `complete -c hbsim -n __fish_use_subcommand -a ${name} -d ${fishWord(describe)}`,
      `complete -c hbsim -n '__fish_seen_subcommand_from help' -a ${name} -d ${fishWord(describe)}`,
    )
    if (names[takes].length > 0) {
      lines.push(`complete -c hbsim ${within} -a '${names[takes].join(' ')}'`)
    }
    if (takes === 'scenarios') {
      lines.push(`complete -c hbsim ${within} -a '(__fish_complete_suffix .yaml)'`)
    }
    for (const [option, { type, describe: text }] of Object.entries(options)) {
      const value = type === 'boolean' ? '' : ` -x${fishValues(option)}`
      lines.push(`complete -c hbsim ${within} -l ${option}${value} -d ${fishWord(`${text}`)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function fishValues(option: string): string {
  if (option === SITE) return " -a '(__fish_complete_suffix .xml)'"
  return option === OUT ? " -a '(__fish_complete_directories)'" : ''
}

/** Options whose value is free. */
function valued(): string[] {
  const all = COMMANDS.flatMap(([, { options }]) => Object.entries(options))
  const free = all.filter(([name, { type }]) => type !== 'boolean' && name !== SITE && name !== OUT)
  return [...new Set(free.map(([name]) => `--${name}`))]
}

function flags(options: CommandEntry['options']): string {
  return [...Object.keys(options), 'help'].map((name) => `--${name}`).join(' ')
}

function indented(lines: readonly string[], by: number): string {
  return lines.map((line) => ' '.repeat(by) + line).join('\n')
}

/** One word in which a colon parts the name from what it says. */
function zshWord(text: string): string {
  const [name, ...rest] = text.split(':')
  return quoted(`${name}:${rest.join('\\:')}`)
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

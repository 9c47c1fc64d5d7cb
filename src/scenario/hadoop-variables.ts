/** A value after expansion, and why it still has a variable, if it has. */
export interface Expansion {
  readonly text: string
  readonly stopped: Stop | null
}

export interface Stop {
  /** The variable that is left, without `${` and `}`. */
  readonly variable: string
  /**
   * `unset`: nobody sets it. `machine`: an environment variable or a system property. `cycle`: its
   * value contains it. `too-many`: Hadoop gives up and throws. `too-long`: we do.
   */
  readonly why: 'unset' | 'machine' | 'cycle' | 'too-many' | 'too-long'
}

/** Configuration.MAX_SUBST */
export const MOST_SUBSTITUTIONS = 20

/** No modelled property has such a value, and a few lines can stand for gigabytes. */
export const LONGEST_EXPANSION = 4096

/**
 * `text` with each `${name}` replaced by the raw value of that property, from the left, again and
 * again, as Configuration.substituteVars of Hadoop 3 does: an unset variable ends it where it is, a
 * value that contains its own variable gives the text as written, the twentieth substitution is one
 * too many. Variables of the environment (`env.NAME`) and of the JVM (`user.name`, `java.io.tmpdir`)
 * are never read: results must not depend on the machine.
 */
export function expandVariables(
  text: string,
  rawValue: (name: string) => string | undefined,
): Expansion {
  let result = text
  for (let i = 0; i < MOST_SUBSTITUTIONS; i++) {
    const variable = firstVariable(result)
    if (variable === null) return { text: result, stopped: null }
    const { name, from, to } = variable
    const stop = (why: Stop['why'], left: string) => ({
      text: left,
      stopped: { variable: name, why },
    })
    if (OF_MACHINE.test(name)) return stop('machine', result)
    const value = rawValue(name)
    if (value === undefined) return stop('unset', result)
    if (value.includes(`\${${name}}`)) return stop('cycle', text)
    if (result.length + value.length > LONGEST_EXPANSION) return stop('too-long', text)
    result = result.slice(0, from) + value + result.slice(to)
  }
  return { text, stopped: { variable: firstVariable(text)?.name ?? '', why: 'too-many' } }
}

/** As Configuration.findSubVariable: neither blanks nor dollars or braces in the name. */
export const VARIABLE = /\$\{([^}$ ]+)\}/

/** The leftmost variable of `text`. */
export function firstVariable(text: string): { name: string; from: number; to: number } | null {
  const match = VARIABLE.exec(text)
  if (match === null) return null
  return { name: match[1], from: match.index, to: match.index + match[0].length }
}

/** What every JVM defines, and what Hadoop's and HBase's scripts pass to theirs. */
const OF_MACHINE = new RegExp(
  [
    '^env\\.',
    '^(?:java|sun)\\.',
    '^user\\.(?:name|home|dir|language|country|timezone)$',
    '^os\\.(?:name|arch|version)$',
    '^(?:file|path|line)\\.separator$',
    '^(?:hadoop|hbase)\\.(?:(?:log|home|pid)\\.dir|log\\.file|id\\.str|root\\.logger)$',
  ].join('|'),
)

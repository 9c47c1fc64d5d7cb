import type { SharedAssumption, Summary } from '../experiment/summary.js'
import type { Table } from './table.js'
import { assumptionTable } from './tables.js'

/** Assumptions of one kind of source. */
export interface AssumptionGroup {
  id: string
  title: string
  /** What the kind is. */
  note: string
  table: Table
}

/** Every parameter that the figures rest on, the least certain first; groups may be empty. */
export function assumptionGroups({ assumptions }: Summary): AssumptionGroup[] {
  return GROUPS.map(({ id, title, note }) => ({
    ...{ id, title, note },
    table: assumptionTable({ assumptions: assumptions.filter((each) => groupOf(each) === id) }),
  }))
}

const GROUPS = [
  {
    id: 'estimates',
    title: 'Estimates',
    note:
      'Grade D: nobody has published a measurement that fits, so the value is reasoned from what is ' +
      'near. Put your own measurements in their place.',
  },
  {
    id: 'own',
    title: 'Your own settings',
    note: 'What the scenario, its variants or a site file say.',
  },
  {
    id: 'published',
    title: 'Measured or published',
    note: "Measurements, price lists and documents of the makers, and what follows from a profile's definition.",
  },
  {
    id: 'defaults',
    title: 'Defaults of HBase and Hadoop',
    note:
      'As the class or file that is named has them in the version of the scenario; `derived` ones ' +
      'follow from others.',
  },
] as const

function groupOf({ parameter, source }: SharedAssumption): (typeof GROUPS)[number]['id'] {
  if (/^(site|scenario|the scenario|taken as)\b/.test(source)) return 'own'
  if (/\bestimated?\b|\bgrade D\b/i.test(source)) return 'estimates'
  return /^(cluster|stores)\./.test(parameter) ? 'published' : 'defaults'
}
